using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary>
/// Forgets accounts whose address nobody confirmed while the link could be followed and in which nobody ever signed in:
/// whoever registers with the addresses of others leaves nothing behind. In batches.
/// </summary>
internal sealed partial class UnconfirmedAccounts(
    IServiceScopeFactory scopes, IOptions<AccountOptions> account, IOptions<Mail.LinkOptions> links, TimeProvider time, ILogger<UnconfirmedAccounts> log) : Recurring(TimeSpan.FromMinutes(10), time)
{
    private const int Batch = 500;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => account.Value.RequireConfirmedEmail && await ForgetAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(log, problem);

    /// <summary>Forgets up to one batch; how many accounts went.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var now = Time.GetUtcNow();
        var before = now - links.Value.ConfirmAddress;
        var old = await db.Users
            .Where(u => !u.EmailConfirmed && u.CreatedAt < before
                && !db.Set<MailedLink>().Any(l => l.UserId == u.Id && l.Purpose == LinkPurpose.ConfirmAddress && l.ExpiresAt > now)
                && !db.Set<AuditEntry>().Any(e => e.UserId == u.Id && e.Action == "signed_in"))
            .OrderBy(u => u.CreatedAt).Select(u => u.Id).Take(Batch).ToListAsync(cancel);
        return await db.Users.Where(u => old.Contains(u.Id) && !u.EmailConfirmed).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Error, "Forgetting accounts that were never confirmed failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}

internal sealed class UnconfirmedAccountsIndex : IEntityTypeConfiguration<User>
{
    // Partial: among a million people a few are not confirmed.
    public void Configure(EntityTypeBuilder<User> user) =>
        user.HasIndex(u => u.CreatedAt).HasFilter("NOT email_confirmed").HasDatabaseName("ix_users_unconfirmed");
}
