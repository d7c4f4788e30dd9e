using System.Net.Mail;

namespace IdentityHub.Persons;

internal static class EmailAddress
{
    /// <summary>RFC 5321 §4.5.3.1.3: a path is at most 256 octets, its angle brackets included.</summary>
    private const int Longest = 254;

    /// <summary>
    /// Whether this can be the address of somebody: one address without display name, line breaks or NUL. Whether mail
    /// arrives there is another question.
    /// </summary>
    public static bool IsPlausible(string text) =>
        text.Length is > 0 and <= Longest && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
