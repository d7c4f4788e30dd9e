using System.Security.Cryptography;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>Somebody of one test alone, with a name that no page shows by accident.</summary>
internal sealed record Person(string Name, string Email, string Password)
{
    public static Person New()
    {
        var mark = RandomNumberGenerator.GetHexString(8, lowercase: true);
        return new Person($"Ada {mark}", $"ada.{mark}@example.com", $"three plain words {mark}");
    }

    public (string Email, string Password) Credentials => (Email, Password);
}
