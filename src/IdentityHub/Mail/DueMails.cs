using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Mail;

/// <summary>The queue that the rows are: what is due is claimed for a while, and settled by whoever still holds the claim.</summary>
internal static class DueMails
{
    /// <summary>Claims up to <paramref name="count"/> mails, the longest due first. The senders of all nodes share them.</summary>
    public static async Task<List<QueuedMail>> ClaimAsync(HubDb db, int count, DateTimeOffset now, DateTimeOffset until)
    {
        if (db is PostgresHubDb)
        {
            return await db.Set<QueuedMail>().FromSql(
                $"""
                UPDATE mails SET leased_until = {until} WHERE id IN (
                    SELECT id FROM mails WHERE state = 'Pending' AND next_attempt_at <= {now} AND (leased_until IS NULL OR leased_until <= {now})
                    ORDER BY next_attempt_at LIMIT {count} FOR UPDATE SKIP LOCKED)
                RETURNING *
                """).AsNoTracking().ToListAsync();
        }

        // Asked outside the transaction first: a look that finds nothing must not take the only write lock there is.
        var due = db.Set<QueuedMail>().Where(m => m.State == MailState.Pending && m.NextAttemptAt <= now && (m.LeasedUntil == null || m.LeasedUntil <= now));
        return !await due.AnyAsync() ? [] : await db.InTransactionAsync(async () =>
        {
            var mails = await due.OrderBy(m => m.NextAttemptAt).Take(count).AsNoTracking().ToListAsync();
            var ids = mails.ConvertAll(m => m.Id);
            await db.Set<QueuedMail>().Where(m => ids.Contains(m.Id)).ExecuteUpdateAsync(m => m.SetProperty(x => x.LeasedUntil, until));
            mails.ForEach(m => m.LeasedUntil = until);
            return mails;
        });
    }

    /// <summary>Writes what an attempt came to. False when the claim had run out and been taken over.</summary>
    public static async Task<bool> SettleAsync(HubDb db, QueuedMail mail, MailState state, DateTimeOffset nextAttemptAt, DateTimeOffset now)
    {
        var held = db.Set<QueuedMail>().Where(m => m.Id == mail.Id && m.State == MailState.Pending && m.LeasedUntil == mail.LeasedUntil);
        var rows = state is MailState.Pending
            ? await held.ExecuteUpdateAsync(m => m
                .SetProperty(x => x.Attempts, mail.Attempts + 1)
                .SetProperty(x => x.NextAttemptAt, nextAttemptAt)
                .SetProperty(x => x.LeasedUntil, (DateTimeOffset?)null))
            // What it said and to whom is nobody's any more.
            : await held.ExecuteUpdateAsync(m => m
                .SetProperty(x => x.Attempts, mail.Attempts + 1)
                .SetProperty(x => x.State, state)
                .SetProperty(x => x.SettledAt, now)
                .SetProperty(x => x.Content, (byte[]?)null)
                .SetProperty(x => x.LeasedUntil, (DateTimeOffset?)null));
        return rows == 1;
    }
}
