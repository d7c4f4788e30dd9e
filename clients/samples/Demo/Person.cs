using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Demo;

/// <summary>Somebody who can sign in to this demo, with a password made for this run.</summary>
internal sealed record Person(
    [property: JsonPropertyName("email")] string Email,
    [property: JsonPropertyName("password")] string Password,
    [property: JsonIgnore] string Name)
{
    public static IReadOnlyList<Person> All() =>
    [
        new("ada@example.com", NewPassword(), "Ada Lovelace"),
        new("grace@example.com", NewPassword(), "Grace Hopper"),
    ];

    // Typed by people from a terminal, so without look-alikes; 60 bits.
    private static string NewPassword() =>
        string.Join('-', "Demo", Word(), Word(), RandomNumberGenerator.GetString("23456789", 4));

    private static string Word() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 5);
}
