using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary>Keeps the sessions of a person within <c>Sessions:MaxPerPerson</c>: one more ends the oldest (ASVS 7.1.2).</summary>
internal sealed class SessionLimit(HubDb db, SessionRevoker revoker, IOptions<Sessions.SessionOptions> options, TimeProvider time)
{
    /// <summary>
    /// Opens a session and ends what is beyond the limit, in one transaction. Where there is a limit, the person is held
    /// from before the first look, so that of two sign-ins at once the second counts the session of the first.
    /// </summary>
    public async Task<UserSession?> WithinAsync(Guid userId, Func<Task<UserSession?>> open)
    {
        if (options.Value.MaxPerPerson is not { } most)
        {
            return await open();
        }

        return await db.InTransactionAsync(async () =>
        {
            await db.Lock<User>(RowLock.Change, "id = {0}", userId).Select(u => u.Id).ToListAsync();
            var session = await open();
            if (session is not null)
            {
                await EndOldestAsync(session, most);
            }

            return session;
        });
    }

    private async Task EndOldestAsync(UserSession opened, int most)
    {
        var now = time.GetUtcNow();
        // Identifiers grow with time, and the index of the live sessions has them in that order.
        var beyond = await db.Live(now).AsNoTracking()
            .Where(s => s.UserId == opened.UserId && s.Id != opened.Id)
            .OrderByDescending(s => s.Id)
            .Skip(most - 1)
            .Select(s => s.Id)
            .ToListAsync();
        foreach (var session in beyond)
        {
            await revoker.EndSessionAsync(session, RevocationReason.SessionLimit, Initiator.System);
        }
    }
}
