using IdentityHub.Persons;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary>
/// Whether a password is the one of the account with this address. Every answer costs one password hash, so that the
/// time it takes does not say whether the account exists (ASVS 6.3.8).
/// </summary>
internal sealed class PasswordCheck(UserManager<User> users, IPasswordHasher<User> hasher, IOptions<AccountOptions> options)
{
    public async Task<PasswordVerdict> CheckAsync(string email, string password)
    {
        var user = EmailAddress.IsPlausible(email) ? await users.FindByEmailAsync(email) : null;
        if (user?.PasswordHash is null)
        {
            hasher.HashPassword(user ?? new User(), password);
            return new(user, user is null ? "unknown_email" : "no_password");
        }

        // A transparent rehash in here gives the account a new security stamp; the caller gets the account as it is
        // afterwards.
        if (!await users.CheckPasswordAsync(user, password))
        {
            return new(user, "wrong_password");
        }

        return new(user, user.DisabledAt is not null ? "disabled" : options.Value.RequireConfirmedEmail && !user.EmailConfirmed ? PasswordVerdict.Unconfirmed : null);
    }
}

/// <param name="User">Whose account was meant, null for an unknown address.</param>
/// <param name="Refusal">Why it does not sign in, for the audit and never for the page; null when it does.</param>
internal sealed record PasswordVerdict(User? User, string? Refusal)
{
    /// <summary>The password is right, and the address waits to be confirmed.</summary>
    public const string Unconfirmed = "unconfirmed_email";

    public const string TooMany = "too_many_guesses";

    /// <summary>How long to wait where there were too many wrong guesses; then the password was not even looked at.</summary>
    public TimeSpan Wait { get; init; }
}
