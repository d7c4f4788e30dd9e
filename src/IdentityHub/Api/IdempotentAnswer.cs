using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Api;

/// <summary>What an act with an <c>Idempotency-Key</c> answered.</summary>
internal sealed class IdempotentAnswer
{
    /// <summary>SHA-256 of who asked and the key: whoever reads the table cannot use it.</summary>
    public required byte[] Id { get; init; }

    /// <summary>SHA-256 of method, path and body.</summary>
    public required byte[] Request { get; init; }

    public int Status { get; set; }

    /// <summary>What was answered, sealed for this row.</summary>
    public string? Body { get; set; }

    /// <summary>In seconds since 1970, a number on both databases.</summary>
    public required long ExpiresAt { get; init; }
}

internal sealed class IdempotentAnswerTable : IEntityTypeConfiguration<IdempotentAnswer>
{
    public void Configure(EntityTypeBuilder<IdempotentAnswer> answer)
    {
        answer.ToTable("idempotent_answers");
        answer.Property(a => a.Id).HasMaxLength(32).ValueGeneratedNever();
        answer.Property(a => a.Request).HasMaxLength(32);
        answer.HasIndex(a => a.ExpiresAt);
    }
}

/// <summary>Forgets answers whose time is over, in batches.</summary>
internal sealed partial class IdempotencyPruning(IServiceScopeFactory scopes, TimeProvider time, ILogger<IdempotencyPruning> logger) : Recurring(TimeSpan.FromMinutes(10), time)
{
    private const int Batch = 1000;

    protected override async Task<bool> DoAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        var old = await db.Set<IdempotentAnswer>().Where(a => a.ExpiresAt <= now).OrderBy(a => a.ExpiresAt).Select(a => a.Id).Take(Batch).ToListAsync(stopping);
        return old.Count > 0 && await db.Set<IdempotentAnswer>().Where(a => old.Contains(a.Id)).ExecuteDeleteAsync(stopping) == Batch;
    }

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    private static partial class Log
    {
        [LoggerMessage(8101, LogLevel.Error, "Forgetting old answers of the API failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
