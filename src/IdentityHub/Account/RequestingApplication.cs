using System.Text.Json;
using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IdentityHub.Account;

/// <summary>The application whose request waits for the person to sign in, read from the address they return to.</summary>
internal sealed class RequestingApplication(HubDb db, IOptions<HubOptions> hub)
{
    /// <summary>
    /// The application's name, null when nobody waits or the address does not say who. The forms of this page may then
    /// lead to an application, for that is where the address redirects after the sign-in.
    /// </summary>
    public async Task<string?> NameAsync(HttpContext context, string returnUrl)
    {
        if (returnUrl == ReturnUrl.Home)
        {
            return null;
        }

        var targets = FormTargets.Of(context);
        targets.Allow(hub.Value.IssuerUri);
        if (ClientId(returnUrl) is not { } clientId)
        {
            return null;
        }

        var party = await db.Set<RelyingParty>().AsNoTracking()
            .Where(p => p.ClientId == clientId)
            .Select(p => new { p.DisplayName, p.RedirectUris })
            .SingleOrDefaultAsync(context.RequestAborted);
        // The registered addresses, not the one in the request: that one is nobody's word.
        foreach (var uri in JsonSerializer.Deserialize<Uri[]>(party?.RedirectUris ?? "[]")!)
        {
            targets.Allow(uri);
        }

        return party is null ? null : party.DisplayName ?? clientId;
    }

    /// <summary>Whether it asks for more than a password, so that trust in this browser does not do.</summary>
    public static bool AsksForMoreThanPassword(string returnUrl) => Query(returnUrl).ContainsKey(AuthenticationContext.MoreThanPassword);

    private static string? ClientId(string returnUrl) =>
        Query(returnUrl).TryGetValue("client_id", out var values) && values is [{ Length: > 0 and <= 100 } id] && !id.Contains('\0', StringComparison.Ordinal)
            ? id
            : null;

    private static Dictionary<string, StringValues> Query(string returnUrl) =>
        returnUrl.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? QueryHelpers.ParseQuery(returnUrl[query..]) : [];
}
