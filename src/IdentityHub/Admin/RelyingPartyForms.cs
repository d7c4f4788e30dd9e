using System.Globalization;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Admin;

/// <summary>Registering an application, changing what it has registered, and its secrets.</summary>
internal static class RelyingPartyForms
{
    public static RazorComponentResult<RelyingPartyFormPage> GetNew() => Page(null, null, RegistrationForm.Empty(), []);

    public static async Task<IResult> PostNew(HttpContext context, CurrentAdministrator administrator, RelyingPartyChanges changes)
    {
        var form = RegistrationForm.Sent(await context.Request.ReadFormAsync(context.RequestAborted));
        var errors = new Dictionary<string, string>();
        var registration = form.Read(errors);
        if (errors.Count > 0)
        {
            return Page(null, null, form, errors);
        }

        var changed = await changes.RegisterAsync(registration, form.Has("confidential"), Initiator.Administrator(administrator.UserId), context.RequestAborted);
        return changed.Result is not PartyChange.Done ? Page(null, null, form, Errors(changed))
            : changed.Secret is null ? SeeOther.To(RelyingPartyPages.One(registration.ClientId))
            : Secret(registration.ClientId, registration.DisplayName, changed.Secret, null);
    }

    public static async Task<IResult> GetEdit([FromQuery] string? client, HubDb db, RelyingPartyRegistry registry, CancellationToken cancel) =>
        await db.Set<RelyingParty>().AsNoTracking().SingleOrDefaultAsync(r => r.ClientId == client, cancel) switch
        {
            null => TypedResults.NotFound(),
            { Declared: true } => SeeOther.To(RelyingPartyPages.One(client!)),
            var party => Page(client, party.ConcurrencyToken, RegistrationForm.From(await registry.ReadAsync(party, cancel)), []),
        };

    public static async Task<IResult> PostEdit(HttpContext context, CurrentAdministrator administrator, RelyingPartyChanges changes)
    {
        var sent = await context.Request.ReadFormAsync(context.RequestAborted);
        var (form, client, version) = (RegistrationForm.Sent(sent), sent["client"].ToString(), sent["version"].ToString());
        var errors = new Dictionary<string, string>();
        var registration = form.Read(errors);
        if (errors.Count > 0)
        {
            return Page(client, version, form, errors);
        }

        var changed = await changes.ChangeAsync(client, version, registration, Initiator.Administrator(administrator.UserId), context.RequestAborted);
        return changed.Result switch
        {
            PartyChange.Done or PartyChange.Declared => SeeOther.To(RelyingPartyPages.One(client)),
            PartyChange.NotFound => TypedResults.NotFound(),
            // What was typed stays, and saving once more is refused again: whoever saves must have seen what the other wrote.
            PartyChange.ChangedMeanwhile => Page(client, version, form, [], PartiesTexts.ChangedMeanwhile, StatusCodes.Status409Conflict),
            _ => Page(client, version, form, Errors(changed)),
        };
    }

    public static async Task<IResult> RotateSecret(
        [FromForm(Name = "client")] string? client, [FromForm(Name = "overlap")] string? hours,
        CurrentAdministrator administrator, RelyingPartyChanges changes, RelyingPartyList list, TimeProvider time, CancellationToken cancel)
    {
        var overlap = int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var h) && h <= RelyingPartyChanges.LongestOverlap.TotalHours
            ? TimeSpan.FromHours(h)
            : RelyingPartyChanges.UsualOverlap;
        if (client is null || await list.FindAsync(client, cancel) is not { } party)
        {
            return TypedResults.NotFound();
        }

        var changed = await changes.RotateSecretAsync(client, overlap, Initiator.Administrator(administrator.UserId), cancel);
        return changed.Secret is { } secret
            ? Secret(client, party.Name, secret, overlap > TimeSpan.Zero ? time.GetUtcNow() + overlap : null)
            : SeeOther.To(RelyingPartyPages.One(client));
    }

    public static async Task<IResult> EndPreviousSecret([FromForm(Name = "client")] string? client, CurrentAdministrator administrator, RelyingPartyChanges changes, CancellationToken cancel) =>
        client is null || (await changes.EndPreviousSecretAsync(client, Initiator.Administrator(administrator.UserId), cancel)).Result is PartyChange.NotFound
            ? TypedResults.NotFound()
            : SeeOther.To(RelyingPartyPages.One(client));

    private static RazorComponentResult<SecretShownPage> Secret(string clientId, string? name, string secret, DateTimeOffset? until) =>
        new(new { ClientId = clientId, Name = string.IsNullOrEmpty(name) ? clientId : name, Secret = secret, OverlapUntil = until });

    private static Dictionary<string, string> Errors(PartyChanged changed) => changed.Refusals.ToDictionary(r => RegistrationForm.Field(r.Member), r => FaultWords.Of(r.Flaw));

    private static RazorComponentResult<RelyingPartyFormPage> Page(
        string? client, string? version, RegistrationForm form, Dictionary<string, string> errors, string? alert = null, int? status = null) =>
        new(new { ClientId = client, Version = version, Form = form, Errors = (IReadOnlyDictionary<string, string>)errors, Alert = alert })
        {
            StatusCode = status ?? (errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK),
        };
}
