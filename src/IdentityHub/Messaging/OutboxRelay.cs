using System.Diagnostics;
using IdentityHub.Data;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Messaging;

/// <summary>
/// Hands the outbox to the broker, oldest first, and deletes what the broker has confirmed: at least once, so a crash
/// between the two costs a repetition and never a message. On PostgreSQL the relays of all nodes share the rows.
/// </summary>
internal sealed partial class OutboxRelay(
    IServiceScopeFactory scopes, IBus bus, OutboxSignal signal, OutboxMetrics metrics, TimeProvider time, ILogger<OutboxRelay> log) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PublishWithin = TimeSpan.FromSeconds(5);
    private static readonly string[] Types = [.. Outbox.Contracts.Keys];

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (!await TryRelayAsync(stopping))
            {
                await signal.WaitAsync(LookEvery, stopping);
            }
        }
    }

    // True when there is probably more to do at once.
    private async Task<bool> TryRelayAsync(CancellationToken stopping)
    {
        try
        {
            return await RelayAsync(stopping);
        }
        catch (Exception ex) when (!stopping.IsCancellationRequested)
        {
            metrics.Failed(1);
            Log.LookFailed(log, ex);
            return false;
        }
    }

    private async Task<bool> RelayAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        // The transaction holds the rows for this node. SQLite has one node and one writer: holding its lock while
        // waiting for a broker would stop every sign-in.
        await using var transaction = db is PostgresHubDb ? await db.Database.BeginTransactionAsync(stopping) : null;
        var rows = await Oldest(db).AsNoTracking().ToListAsync(stopping);
        var confirmed = await PublishAsync(rows);
        metrics.Owed(rows.Find(row => !confirmed.Contains(row.Id))?.CreatedAt);
        // From here on not cancelled: what the broker has must not be sent again for a shutdown's sake.
        await db.Set<OutboxMessage>().Where(m => confirmed.Contains(m.Id)).ExecuteDeleteAsync(CancellationToken.None);
        if (transaction is not null)
        {
            await transaction.CommitAsync(CancellationToken.None);
        }

        return rows.Count == BatchSize && confirmed.Count == rows.Count;
    }

    private static IQueryable<OutboxMessage> Oldest(HubDb db) => db is PostgresHubDb
        ? db.Set<OutboxMessage>().FromSql(TransactionSettings.AtEase($"SELECT * FROM outbox_messages WHERE type = ANY({Types}) ORDER BY id LIMIT {BatchSize} FOR UPDATE SKIP LOCKED"))
        : db.Set<OutboxMessage>().Where(m => Types.Contains(m.Type)).OrderBy(m => m.Id).Take(BatchSize);

    private async Task<List<Guid>> PublishAsync(List<OutboxMessage> rows)
    {
        using var bound = new CancellationTokenSource(PublishWithin, time);
        var attempts = rows.Select(row => (row.Id, Confirmation: PublishAsync(row, bound.Token))).ToList();
        await Task.WhenAll(attempts.Select(a => a.Confirmation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failures = attempts.Where(a => !a.Confirmation.IsCompletedSuccessfully).ToList();
        if (failures.Count > 0)
        {
            metrics.Failed(failures.Count);
            Log.NotPublished(log, failures.Count, rows.Count, failures[0].Confirmation.Exception?.InnerException);
        }

        metrics.Published(attempts.Count - failures.Count);
        return [.. attempts.Where(a => a.Confirmation.IsCompletedSuccessfully).Select(a => a.Id)];
    }

    // The row's identifier is the message's, so that a consumer can tell a repetition.
    private async Task PublishAsync(OutboxMessage row, CancellationToken bound)
    {
        using var activity = TraceContext.Continue(row.TraceParent, "outbox publish", ActivityKind.Producer);
        await bus.Publish(Outbox.Read(row), Outbox.Contracts[row.Type], context => context.MessageId = row.Id, bound).WaitAsync(bound);
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "{Failed} of {Count} messages did not reach the broker within the time; they stay in the outbox and are sent again.")]
        public static partial void NotPublished(ILogger logger, int failed, int count, Exception? exception);

        [LoggerMessage(2002, LogLevel.Error, "The outbox could not be read or cleared; the relay goes on.")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
