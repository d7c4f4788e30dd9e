using System.Runtime.CompilerServices;
using IdentityHub.Users;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace IdentityHub.Data;

/// <summary>
/// The hub's database. Each capability maps its own entities beside them; this class only gathers the mappings and
/// names what differs between the two providers.
/// </summary>
internal abstract class HubDb(DbContextOptions options) : IdentityDbContext<User, Role, Guid>(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>What the open transaction owes once it is committed: <see cref="HubTransaction.AfterCommit"/>.</summary>
    internal List<Action> Afterwards { get; } = [];

    /// <summary>
    /// Rows as they are now, held until the transaction ends: with <see cref="RowLock.Share"/> nobody changes them, with
    /// <see cref="RowLock.Change"/> nobody else changes or shares them, with <see cref="RowLock.Remove"/> nobody begins to
    /// refer to them either. A row that a lock had to wait for is judged by
    /// <paramref name="where"/> again as it is after the wait.
    /// </summary>
    /// <param name="mode">How the rows are held.</param>
    /// <param name="where">A condition in SQL that both providers know, with <c>{0}</c>, <c>{1}</c> … for the values; it may end in ORDER BY.</param>
    /// <param name="values">Identifiers and texts only: SQLite stores instants in a form that raw SQL would not convert to.</param>
    public IQueryable<T> Lock<T>(RowLock mode, string where, params object[] values) where T : class =>
        Set<T>().FromSql(FormattableStringFactory.Create(LockSql<T>(mode, where), values)).AsNoTracking();

    /// <summary>
    /// The same as the first statement of a transaction that goes by the indexes from then on
    /// (<see cref="TransactionSettings.GoingByIndexes"/>).
    /// </summary>
    public Task<List<T>> LockByIndexesAsync<T>(RowLock mode, string where, params object[] values) where T : class
    {
        var sql = FormattableStringFactory.Create(LockSql<T>(mode, where), values);
        return Set<T>().FromSql(this is PostgresHubDb ? TransactionSettings.GoingByIndexes(sql) : sql).AsNoTracking().ToListAsync();
    }

    // The parts are constants of this program; values are parameters.
    private string LockSql<T>(RowLock mode, string where) => $"SELECT * FROM {Model.FindEntityType(typeof(T))!.GetTableName()} WHERE {where}{LockClause(mode)}";

    /// <summary>Whoever writes an account, people are found by what it says now.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<User>().Where(IsFoundByOthers).ToList())
        {
            var (user, words) = (entry.Entity, UserWord.Of(entry.Entity));
            var had = entry.State is EntityState.Added ? [.. Set<UserWord>().Local.Where(w => w.UserId == user.Id)] : await Set<UserWord>().Where(w => w.UserId == user.Id).ToListAsync(cancellationToken);
            RemoveRange(had.Where(w => !words.Contains(w.Word)));
            AddRange(words.Except(had.Select(w => w.Word)).Select(word => new UserWord { Word = word, UserId = user.Id }));
        }

        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private static bool IsFoundByOthers(EntityEntry<User> user) => user.State is EntityState.Added
        || (user.State is EntityState.Modified && (user.Property(u => u.DisplayName).IsModified || user.Property(u => u.Email).IsModified));

    protected abstract string LockClause(RowLock mode);

    /// <summary>What gives a new row the number of its transaction.</summary>
    protected abstract string TransactionNumberSql { get; }

    /// <summary>Version 3 of Identity's schema is the one with passkeys.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(HubDb).Assembly);
        TransactionNumber.Apply(builder.Model, TransactionNumberSql);
        SnakeCaseNames.Apply(builder.Model);
    }
}

internal enum RowLock
{
    Share,
    Change,
    Remove,
}
