using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary>Taking an application out of use, and away: what ends is shown first, and its client id is typed.</summary>
internal static class EndRelyingParty
{
    public static async Task<IResult> GetDisable([FromQuery] string? client, RelyingPartyList list, MassRevocations many, CancellationToken cancel) =>
        client is not null && await list.FindAsync(client, cancel) is { } party ? await DisablePageAsync(party, many, null, null, cancel) : TypedResults.NotFound();

    public static async Task<IResult> PostDisable(
        [FromForm(Name = "client")] string? client, [FromForm(Name = "typed")] string? typed,
        CurrentAdministrator administrator, RelyingPartyList list, MassRevocations many, RelyingPartyRemoval removal, CancellationToken cancel)
    {
        if (client is null || await list.FindAsync(client, cancel) is not { } party)
        {
            return TypedResults.NotFound();
        }

        if (typed?.Trim() != client)
        {
            return await DisablePageAsync(party, many, typed, PartiesTexts.TypedWrong.With(client), cancel);
        }

        await removal.DisableAsync(client, Initiator.Administrator(administrator.UserId), cancel);
        return SeeOther.To(RelyingPartyPages.One(client));
    }

    public static async Task<SeeOther> Enable([FromForm(Name = "client")] string? client, CurrentAdministrator administrator, RelyingPartyRemoval removal, CancellationToken cancel)
    {
        await removal.EnableAsync(client ?? "", Initiator.Administrator(administrator.UserId), cancel);
        return SeeOther.To(RelyingPartyPages.One(client ?? ""));
    }

    public static async Task<IResult> GetRemove([FromQuery] string? client, RelyingPartyList list, RelyingPartyRemoval removal, CancellationToken cancel) =>
        client is null || await list.FindAsync(client, cancel) is not { } party ? TypedResults.NotFound()
            : party.DisabledAt is null || party.Declared ? SeeOther.To(RelyingPartyPages.One(client))
            : RemovePage(party, null, null, await removal.EndingAsync(client, cancel) is null && !await removal.AnyLiveAsync(client, cancel) ? null : PartiesTexts.RemoveStillEnding);

    public static async Task<IResult> PostRemove(
        [FromForm(Name = "client")] string? client, [FromForm(Name = "typed")] string? typed,
        CurrentAdministrator administrator, RelyingPartyList list, RelyingPartyRemoval removal, CancellationToken cancel)
    {
        if (client is null || await list.FindAsync(client, cancel) is not { } party)
        {
            return TypedResults.NotFound();
        }

        if (typed?.Trim() != client)
        {
            return RemovePage(party, typed, PartiesTexts.TypedWrong.With(client), null);
        }

        return (await removal.RemoveAsync(client, Initiator.Administrator(administrator.UserId), cancel)).Result switch
        {
            PartyChange.Done or PartyChange.NotFound => SeeOther.To(AdminPaths.RelyingParties),
            PartyChange.StillEnding => RemovePage(party, typed, null, PartiesTexts.RemoveStillEnding),
            _ => SeeOther.To(RelyingPartyPages.One(client)),
        };
    }

    private static async Task<IResult> DisablePageAsync(RelyingPartyState party, MassRevocations many, string? typed, string? error, CancellationToken cancel)
    {
        var preview = await many.PreviewAsync(new MassScope(ClientId: party.ClientId), cancel);
        string[] what =
        [
            PartiesTexts.DisableWhat.With(PartiesTexts.Sessions.Count((int)preview.Sessions), preview.People),
            PartiesTexts.DisableTold.With(preview.Applications.Count, preview.Estimate.ToString("c", System.Globalization.CultureInfo.InvariantCulture)),
            PartiesTexts.DisableThen,
        ];
        return Page(PartiesTexts.DisableHeading.With(party.Name), PartiesTexts.Disable, RelyingPartyPages.DisablePath, party, what, typed, error, null);
    }

    private static IResult RemovePage(RelyingPartyState party, string? typed, string? error, string? obstacle)
    {
        string[] what = [PartiesTexts.RemoveWhat, .. party.Waiting > 0 ? new[] { PartiesTexts.RemoveWaiting.Count(party.Waiting) } : [], PartiesTexts.RemoveForGood];
        return Page(PartiesTexts.RemoveHeading.With(party.Name), PartiesTexts.Remove, RelyingPartyPages.RemovePath, party, what, typed, error, obstacle);
    }

    private static RazorComponentResult<EndRelyingPartyPage> Page(
        string heading, string button, string action, RelyingPartyState party, IReadOnlyList<string> what, string? typed, string? error, string? obstacle) =>
        new(new { Heading = heading, Button = button, Action = action, party.ClientId, What = what, Typed = typed, Error = error, Obstacle = obstacle })
        {
            StatusCode = error is not null ? StatusCodes.Status400BadRequest : obstacle is not null ? StatusCodes.Status409Conflict : StatusCodes.Status200OK,
        };
}
