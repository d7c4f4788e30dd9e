namespace IdentityHub.Account;

/// <summary>The rules for what a person types to register. Pure: takes texts, returns what is wrong with each.</summary>
internal static class NewAccount
{
    /// <summary>ASVS 6.2.1.</summary>
    public const int ShortestPassword = 8;

    /// <summary>ASVS 6.2.9 asks for 64 at least; the bound keeps one request from hashing a book.</summary>
    public const int LongestPassword = 128;

    public const int LongestName = 100;

    public static string? NameError(string? name) => name switch
    {
        null or "" => "Enter your name, as applications may show it.",
        { Length: > LongestName } => $"Your name has {name.Length} characters; shorten it to {LongestName}.",
        _ when name.Any(char.IsControl) => "Your name contains a character that cannot be shown; type it again.",
        _ => null,
    };

    public static string? EmailError(string? email) => email switch
    {
        null or "" => "Enter your e-mail address.",
        _ when !EmailAddress.IsPlausible(email) => "This is not an e-mail address; it looks like name@example.com.",
        _ => null,
    };

    // ASVS 6.2.5, 6.2.8: nothing but the length counts, and the password is taken exactly as it was typed.
    public static string? PasswordError(string? password) => password switch
    {
        null or "" => "Choose a password.",
        { Length: < ShortestPassword } => $"Your password is too short; use at least {ShortestPassword} characters.",
        { Length: > LongestPassword } => $"Your password has {password.Length} characters; use at most {LongestPassword}.",
        _ => null,
    };
}
