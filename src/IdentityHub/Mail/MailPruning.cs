using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Mail;

/// <summary>Forgets mails that were settled longer ago than <c>Mail:KeepSettled</c>, and links that nobody followed in Time. In batches.</summary>
internal sealed partial class MailPruning(IServiceScopeFactory scopes, IOptions<MailOptions> options, TimeProvider time, ILogger<MailPruning> log) : Recurring(TimeSpan.FromMinutes(10), time)
{
    private const int Batch = 500;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await ForgetAsync(stopping) >= Batch;

    protected override void Failed(Exception problem) => Log.Failed(log, problem);

    /// <summary>Forgets up to one batch of each; how many rows went.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var now = Time.GetUtcNow();
        var before = now - options.Value.KeepSettled;
        var mails = await db.Set<QueuedMail>().Where(m => m.SettledAt < before).OrderBy(m => m.SettledAt).Select(m => m.Id).Take(Batch).ToListAsync(cancel);
        var links = await db.Set<MailedLink>().Where(l => l.ExpiresAt < now).OrderBy(l => l.ExpiresAt).Select(l => l.Id).Take(Batch).ToListAsync(cancel);
        return await db.Set<QueuedMail>().Where(m => mails.Contains(m.Id)).ExecuteDeleteAsync(cancel)
            + await db.Set<MailedLink>().Where(l => links.Contains(l.Id)).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(9011, LogLevel.Error, "Forgetting old mails and links failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
