namespace IdentityHub.Access;

/// <summary>When an act on an account needs a new proof. Section <c>Account</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>
    /// How long a proof of who somebody is counts as recent: acts on an account, and acts of the administration, need one
    /// (ASVS 7.5.1, 7.5.2). Between 1 minute and 1 hour; default 5 minutes.
    /// </summary>
    public TimeSpan RecentAuthentication { get; set; } = TimeSpan.FromMinutes(5);

    internal string? Refusal() => RecentAuthentication < TimeSpan.FromMinutes(1) || RecentAuthentication > TimeSpan.FromHours(1)
        ? $"Account:RecentAuthentication is {RecentAuthentication}; it must be between 00:01:00 and 01:00:00."
        : null;
}
