namespace IdentityHub.RevocationFeed;

/// <summary>The feed of ended sessions. Section <c>RevocationFeed</c>.</summary>
internal sealed class RevocationFeedOptions
{
    /// <summary>
    /// How long entries are kept: how long a subscriber may be away and resume, and what one that begins is told. It must
    /// be at least as long as an access token lives. Between 10 minutes and 7 days; default 1 hour.
    /// </summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a node with subscribers says that they are current. Between 0.2 and 30 seconds; default 2 seconds.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node with subscribers looks without having been rung. Between 0.05 and 5 seconds; default 0.25 seconds.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Streams open at one node at the same time; one more is answered 503. Between 1 and 100,000; default 1000.</summary>
    public int MaxSubscribers { get; set; } = 1000;

    /// <summary>Events that wait in memory for one subscriber; what is more it gets out of the database. Between 16 and 100,000; default 4096.</summary>
    public int Backlog { get; set; } = 4096;

    /// <summary>A subscriber that takes nothing for so long is cut. Between 1 and 120 seconds; default 15 seconds.</summary>
    public TimeSpan WriteWithin { get; set; } = TimeSpan.FromSeconds(15);

    internal string? Refusal()
    {
        return Outside(KeepFor, 600, 7 * 86400) ? Duration(nameof(KeepFor), KeepFor, "between 10 minutes and 7 days")
            : Outside(Heartbeat, 0.2, 30) ? Duration(nameof(Heartbeat), Heartbeat, "between 0.2 and 30 seconds")
            : Outside(LookInterval, 0.05, 5) ? Duration(nameof(LookInterval), LookInterval, "between 0.05 and 5 seconds")
            : Outside(WriteWithin, 1, 120) ? Duration(nameof(WriteWithin), WriteWithin, "between 1 and 120 seconds")
            : MaxSubscribers is < 1 or > 100_000 ? $"RevocationFeed:MaxSubscribers is {MaxSubscribers}; it must be between 1 and 100000."
            : Backlog is < 16 or > 100_000 ? $"RevocationFeed:Backlog is {Backlog}; it must be between 16 and 100000."
            : null;

        static bool Outside(TimeSpan value, double least, double most) => value.TotalSeconds < least || value.TotalSeconds > most;
        static string Duration(string name, TimeSpan value, string range) => $"RevocationFeed:{name} is {value}; it must be {range}.";
    }
}
