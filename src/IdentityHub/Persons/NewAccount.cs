using IdentityHub.Pages;

namespace IdentityHub.Persons;

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
        null or "" => Texts.RegisterNameMissing,
        { Length: > LongestName } => Texts.RegisterNameTooLong.With(name.Length, LongestName),
        _ when name.Any(char.IsControl) => Texts.RegisterNameUnshowable,
        _ => null,
    };

    public static string? EmailError(string? email) => email switch
    {
        null or "" => Texts.SignInEmailMissing,
        _ when !EmailAddress.IsPlausible(email) => Texts.RegisterEmailInvalid,
        _ => null,
    };

    // ASVS 6.2.5, 6.2.8: nothing but the length counts, and the password is taken exactly as it was typed.
    public static string? PasswordError(string? password) => password switch
    {
        null or "" => Texts.PasswordMissing,
        { Length: < ShortestPassword } => Texts.PasswordTooShort.With(ShortestPassword),
        { Length: > LongestPassword } => Texts.PasswordTooLong.With(password.Length, LongestPassword),
        _ => null,
    };
}
