namespace IdentityHub.Throttling;

/// <summary>How many wrong guesses are free, and how long the longest wait is. Section <c>Throttling</c>.</summary>
internal sealed class ThrottlingOptions
{
    /// <summary>Wrong passwords for one account from one place (an IPv4 address or an IPv6 /64), one known browser or one session. 3 to 100; default 5.</summary>
    public int Password { get; set; } = 5;

    /// <summary>Wrong passwords for one account from everywhere but the browsers that have signed in to it before. 10 to 1000; default 30.</summary>
    public int Account { get; set; } = 30;

    /// <summary>Wrong passwords for whatever accounts from one place; as large as the largest office behind one address. 10 to 100000; default 100.</summary>
    public int Source { get; set; } = 100;

    /// <summary>Wrong second factors of one person, authenticator and recovery codes together. 3 to 20; default 10.</summary>
    public int SecondFactor { get; set; } = 10;

    /// <summary>The longest wait between two guesses. Between 1 minute and 1 hour; default 15 minutes.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(15);

    internal string? Refusal() =>
        Outside(nameof(Password), Password, 3, 100) ?? Outside(nameof(Account), Account, 10, 1000)
        ?? Outside(nameof(Source), Source, 10, 100_000) ?? Outside(nameof(SecondFactor), SecondFactor, 3, 20)
        ?? (LongestWait < TimeSpan.FromMinutes(1) || LongestWait > TimeSpan.FromHours(1)
            ? $"Throttling:LongestWait is {LongestWait}; it must be between 00:01:00 and 01:00:00."
            : null);

    private static string? Outside(string name, int value, int least, int most) =>
        value < least || value > most ? $"Throttling:{name} is {value}; it must be between {least} and {most}." : null;
}
