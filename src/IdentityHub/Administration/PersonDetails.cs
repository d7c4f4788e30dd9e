using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Factors;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>One person: what is on file, what would end, and what has ended.</summary>
internal sealed class PersonDetails(HubDb db, Administrators administrators, TimeProvider time)
{
    /// <summary>Null when there is no such person.</summary>
    public async Task<PersonFacts?> FindAsync(Guid id, CancellationToken cancel)
    {
        var found = await db.Users.AsNoTracking().Where(u => u.Id == id).Select(u => new
        {
            User = u,
            Passkeys = db.Set<IdentityUserPasskey<Guid>>().Count(p => p.UserId == id),
            Codes = db.Set<RecoveryCode>().Count(c => c.UserId == id),
            AuthenticatorSince = db.Set<Authenticator>().Where(a => a.UserId == id).Select(a => (DateTimeOffset?)a.CreatedAt).FirstOrDefault(),
        }).SingleOrDefaultAsync(cancel);
        return found is null ? null : new(
            id, found.User.DisplayName, found.User.Email, found.User.EmailConfirmed, found.User.CreatedAt, found.User.DisabledAt, found.User.ClosedAt,
            found.User.PasswordHash is not null, found.AuthenticatorSince, found.Passkeys, found.Codes, await administrators.RoleOfAsync(id, cancel));
    }

    /// <summary>What would end with one session of the person, or with all: the blast radius.</summary>
    public async Task<WouldEnd> WouldEndAsync(Guid userId, Guid? sessionId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var live = db.Live(now).Where(s => s.UserId == userId && (sessionId == null || s.Id == sessionId));
        var applications = await (
            from s in live
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            group p by new { p.ClientId, r.DisplayName, Told = r.BackChannelLogoutUri != null } into same
            select new { same.Key.ClientId, same.Key.DisplayName, same.Key.Told, Sessions = same.Count() }).ToListAsync(cancel);
        return new(
            await live.CountAsync(cancel),
            [.. applications.Select(a => new WouldEndApplication(a.ClientId, a.DisplayName ?? a.ClientId, a.Sessions, a.Told)).OrderBy(a => a.Name, StringComparer.CurrentCultureIgnoreCase)]);
    }
}

/// <param name="Id">The person: the <c>sub</c>.</param>
/// <param name="Name">Empty when the account is closed.</param>
/// <param name="Email">Null when the account is closed.</param>
/// <param name="EmailConfirmed">Whether somebody showed that mail arrives there.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="DisabledAt">Since when it signs nobody in.</param>
/// <param name="ClosedAt">Since when there is nothing personal in it any more.</param>
/// <param name="Password">Whether there is one; without it the way in is a passkey or a reset.</param>
/// <param name="AuthenticatorSince">Since when the person has an authenticator app; null without one.</param>
/// <param name="Passkeys">How many.</param>
/// <param name="RecoveryCodes">How many are left.</param>
/// <param name="Role">In the administration; null for everybody else.</param>
public sealed record PersonFacts(
    Guid Id, string Name, string? Email, bool EmailConfirmed, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? ClosedAt,
    bool Password, DateTimeOffset? AuthenticatorSince, int Passkeys, int RecoveryCodes, AdminRole? Role);

/// <param name="Sessions">Live sessions that end.</param>
/// <param name="Applications">Those open in them.</param>
public sealed record WouldEnd(int Sessions, IReadOnlyList<WouldEndApplication> Applications);

/// <param name="ClientId">The application.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sessions">In how many of the sessions it is open.</param>
/// <param name="Told">Whether it registered where it hears of it.</param>
public sealed record WouldEndApplication(string ClientId, string Name, int Sessions, bool Told);
