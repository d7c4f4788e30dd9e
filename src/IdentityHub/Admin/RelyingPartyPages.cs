using System.Globalization;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Admin;

/// <summary><c>/admin/relying-parties</c>: which applications there are, and how each stands.</summary>
internal static class RelyingPartyPages
{
    public const string RegisterPath = $"{AdminPaths.RelyingParties}/register";
    public const string OnePath = $"{AdminPaths.RelyingParties}/application";
    public const string EditPath = $"{AdminPaths.RelyingParties}/edit";
    public const string RotatePath = $"{AdminPaths.RelyingParties}/rotate-secret";
    public const string EndPreviousPath = $"{AdminPaths.RelyingParties}/end-previous-secret";
    public const string DisablePath = $"{AdminPaths.RelyingParties}/disable";
    public const string EnablePath = $"{AdminPaths.RelyingParties}/enable";
    public const string RemovePath = $"{AdminPaths.RelyingParties}/remove";
    public const string RingPath = $"{AdminPaths.RelyingParties}/ring";

    private const int MostFailures = 5;

    public static string One(string clientId) => $"{OnePath}?client={Uri.EscapeDataString(clientId)}";

    public static string Edit(string clientId) => $"{EditPath}?client={Uri.EscapeDataString(clientId)}";

    public static string Disable(string clientId) => $"{DisablePath}?client={Uri.EscapeDataString(clientId)}";

    public static string Remove(string clientId) => $"{RemovePath}?client={Uri.EscapeDataString(clientId)}";

    public static string List(string? search, string? after) => AdminPaths.RelyingParties + QueryString.Create(
        new Dictionary<string, string?> { ["search"] = search, ["after"] = after }.Where(p => !string.IsNullOrEmpty(p.Value)));

    public static async Task<RazorComponentResult<RelyingPartiesPage>> GetList(
        [FromQuery] string? search, [FromQuery] string? after, CurrentAdministrator administrator, RelyingPartyList list, CancellationToken cancel)
    {
        search = string.IsNullOrWhiteSpace(search) ? null : search.Trim();
        return new(new
        {
            Page = (object)await list.PageAsync(search, after, RelyingPartyList.PageSize, cancel),
            Search = search,
            After = after,
            May = administrator.Can(Capability.ManageRelyingParties),
        });
    }

    public static async Task<Results<RazorComponentResult<RelyingPartyDetailsPage>, NotFound>> GetOne(
        [FromQuery] string? client, [FromQuery] int? rung, CurrentAdministrator administrator, RelyingPartyList list, RelyingPartyRegistry registry,
        RelyingPartyRemoval removal, UnansweredDeliveries unanswered, LogoutProver prover, HubDb db, TimeProvider time, CancellationToken cancel)
    {
        if (client is null || await list.FindAsync(client, cancel) is not { } state
            || await db.Set<RelyingParty>().AsNoTracking().SingleOrDefaultAsync(r => r.ClientId == client, cancel) is not { } party)
        {
            return TypedResults.NotFound();
        }

        var failures = (await unanswered.ListAsync(client, MostFailures)).Concat(await list.FailingAsync(client, MostFailures, cancel)).Take(MostFailures);
        var ending = await removal.EndingAsync(client, cancel);
        var details = new RelyingPartyDetails(
            state,
            await list.LatestAsync(client, cancel),
            [.. failures],
            await prover.LatestAsync(client, cancel),
            ending,
            Facts(await registry.ReadAsync(party, cancel)))
        {
            LeftLive = state.DisabledAt is not null && ending is null && await removal.AnyLiveAsync(client, cancel),
            Confidential = party.ClientSecret is not null,
            PreviousUntil = party.PreviousSecretUntil is { } until && until > time.GetUtcNow() ? until : null,
            May = administrator.Can(Capability.ManageRelyingParties),
            MayRing = administrator.Can(Capability.RedriveRevocations),
            Rung = rung,
        };
        return new RazorComponentResult<RelyingPartyDetailsPage>(new { Shown = (object)details });
    }

    public static async Task<SeeOther> Ring([FromForm(Name = "client")] string? client, CurrentAdministrator administrator, UnansweredDeliveries unanswered)
    {
        var rung = string.IsNullOrEmpty(client) ? 0 : await unanswered.RingAgainAsync(Initiator.Administrator(administrator.UserId).Name, client);
        return SeeOther.To(string.Create(CultureInfo.InvariantCulture, $"{One(client ?? "")}&rung={rung}"));
    }

    // As the client metadata calls them: who integrates looks for these names.
    private static IReadOnlyList<(string, string)> Facts(Registration r) =>
    [
        .. new (string Name, string? Value)[]
        {
            ("redirect_uris", string.Join(" ", r.RedirectUris)),
            ("post_logout_redirect_uris", string.Join(" ", r.PostLogoutRedirectUris)),
            ("backchannel_logout_uri", r.BackChannelLogoutUri),
            ("logout_token", r.LogoutTokenSubject),
            ("frontchannel_logout_uri", r.FrontChannelLogoutUri),
            ("test_uri", r.TestUri),
            ("give_up_after", r.GiveUpAfter?.ToString("c", CultureInfo.InvariantCulture)),
            ("grant_types", string.Join(" ", r.GrantTypes)),
            ("scope", string.Join(" ", r.Scopes)),
            ("audience", string.Join(" ", r.Audiences)),
            ("id_token_signed_response_alg", r.IdTokenSignedResponseAlg),
            ("default_max_age", r.DefaultMaxAge?.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)),
            ("require_pkce", r.RequirePkce ? PartiesTexts.Yes : PartiesTexts.No),
            ("require_consent", r.RequireConsent ? PartiesTexts.Yes : PartiesTexts.No),
        }.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => (f.Name, f.Value!)),
    ];
}
