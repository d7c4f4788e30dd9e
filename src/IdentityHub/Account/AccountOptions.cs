namespace IdentityHub.Account;

/// <summary>What a person may do to their account, and when. Section <c>Account</c>.</summary>
internal sealed class AccountOptions
{
    /// <summary>
    /// How long a proof of who somebody is counts as recent: acts on the account need one (ASVS 7.5.1, 7.5.2). Between
    /// 1 minute and 1 hour; default 5 minutes.
    /// </summary>
    public TimeSpan RecentAuthentication { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether an account signs nobody in before somebody has followed the link that was mailed to its address. Without it
    /// registration tells by signing in whether an address has an account, and an address is whoever's came first.
    /// Default <c>true</c>.
    /// </summary>
    public bool RequireConfirmedEmail { get; set; } = true;

    internal string? Refusal() => RecentAuthentication < TimeSpan.FromMinutes(1) || RecentAuthentication > TimeSpan.FromHours(1)
        ? $"Account:RecentAuthentication is {RecentAuthentication}; it must be between 00:01:00 and 01:00:00."
        : null;
}
