using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Users;

/// <summary>
/// A person with an account. <see cref="IdentityUser{TKey}.Id"/> is the <c>sub</c> of every token (OpenID Connect
/// Core §2): it never changes and is never given to another person, unlike the e-mail address.
/// </summary>
internal sealed class User : IdentityUser<Guid>
{
    /// <summary>The name shown to the person and, with the <c>profile</c> scope, to relying parties.</summary>
    public string DisplayName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From this instant on the account signs nobody in. Set together with the end of all its sessions.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The person closed the account: nothing personal is left in it, and no administrator can open it again.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>
    /// Nobody: the one by whom the hub proves that sessions die. Has no way to sign in, is found by no address, and is in no
    /// list of people.
    /// </summary>
    public bool Synthetic { get; set; }

    /// <summary>The <c>sub</c> claim.</summary>
    public string Subject => Id.ToString();
}
