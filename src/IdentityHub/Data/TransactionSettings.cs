using System.Runtime.CompilerServices;

namespace IdentityHub.Data;

/// <summary>
/// What PostgreSQL is told of the open transaction, on the same way as the statement that needs it. It holds until the
/// transaction is over, and so for whatever a caller does in it afterwards.
/// </summary>
internal static class TransactionSettings
{
    /// <summary>
    /// What follows touches a few rows by their keys: it goes by the indexes whatever the statistics say, and its plans are
    /// kept. Those with arrays would be made anew each time, which takes as long as carrying them out.
    /// </summary>
    public static FormattableString GoingByIndexes(FormattableString sql) => Before(
        """
        SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off;
        SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;

        """, sql);

    /// <summary>
    /// The transaction need not survive a crash of the server: its commit does not wait for the disk. What is lost so must
    /// be found again by itself, and done again without harm. Only where the transaction is one's own.
    /// </summary>
    public static FormattableString AtEase(FormattableString sql) => Before("SET LOCAL synchronous_commit = off; ", sql);

    private static FormattableString Before(string settings, FormattableString sql) => FormattableStringFactory.Create(settings + sql.Format, sql.GetArguments());
}
