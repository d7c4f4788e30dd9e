using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace IdentityHub.Protocol;

/// <summary>
/// Whether the proof in a session is recent and strong enough for what a relying party registered and asks for
/// (<c>default_max_age</c>, <c>max_age</c>, <c>acr_values</c>).
/// </summary>
internal sealed class StepUp(HubDb db, TimeProvider time)
{
    /// <summary>
    /// Whether the person must authenticate again. A class that this person cannot reach is not asked for: <c>acr_values</c>
    /// is a wish (Core §5.5.1.1), and the ID token says what was reached instead.
    /// </summary>
    public async Task<bool> IsNeededAsync(OpenIddictRequest request, RelyingParty party, CurrentSession session, bool silent)
    {
        var age = time.GetUtcNow() - session.AuthenticatedAt;
        if (MaxAge(request, party) is { } most && age >= most)
        {
            return true;
        }

        var wanted = request.GetAcrValues();
        return !silent && AuthenticationContext.Lacks(wanted, session.Amr, age, session.Terms) && await HasMoreThanPasswordAsync(session.UserId);
    }

    /// <summary>
    /// The smaller of what is registered and what is asked. Dynamic Registration §2 lets the request override the
    /// registration; a request that travels through the browser of the person it is to hold may only ask for less.
    /// </summary>
    private static TimeSpan? MaxAge(OpenIddictRequest request, RelyingParty party)
    {
        var (asked, registered) = (request.MaxAge, party.DefaultMaxAge);
        var seconds = (asked, registered) switch
        {
            (null, null) => (long?)null,
            ({ } a, { } r) => Math.Min(a, r),
            _ => asked ?? registered,
        };
        return seconds is { } s ? TimeSpan.FromSeconds(s) : null;
    }

    private Task<bool> HasMoreThanPasswordAsync(Guid userId) =>
        db.Users.AnyAsync(u => u.Id == userId && (u.TwoFactorEnabled || db.Set<IdentityUserPasskey<Guid>>().Any(p => p.UserId == u.Id)));
}
