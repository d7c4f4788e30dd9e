namespace IdentityHub.Account;

/// <summary>Who gets an account. Section <c>Account</c>.</summary>
internal sealed class AccountOptions
{
    /// <summary>
    /// Whether an account signs nobody in before somebody has followed the link that was mailed to its address. Without it
    /// registration tells by signing in whether an address has an account, and an address is whoever's came first.
    /// Default <c>true</c>.
    /// </summary>
    public bool RequireConfirmedEmail { get; set; } = true;
}
