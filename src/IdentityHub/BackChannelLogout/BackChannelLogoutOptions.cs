namespace IdentityHub.BackChannelLogout;

/// <summary>How relying parties are told. Section <c>BackChannelLogout</c>.</summary>
internal sealed class BackChannelLogoutOptions
{
    /// <summary>One attempt, from the connection to the answer's headers. Between 1 and 30 seconds; default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a person who signs out waits for the applications' first answers before going on; the rest goes on
    /// without them, and appears on the page. Between 0 and 10 seconds; default 0.15 seconds, ten times what applications
    /// that answer take.
    /// </summary>
    public TimeSpan LogoutWait { get; set; } = TimeSpan.FromSeconds(0.15);

    /// <summary>How often a dispatcher looks without having been rung. Between 0.1 and 60 seconds; default 1 second.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a dispatcher holds a delivery; when it dies, another takes over after this. Between 10 seconds and
    /// 10 minutes, and at least twice <see cref="Timeout"/>; default 30 seconds.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an application that does not answer is tried again. Between 1 minute and 30 days; default 24 hours. A registration may say otherwise.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// An application that got a code within this time before a session ended is rung once more, since it may have stored
    /// its session after the first token had arrived. Between 0, which rings nobody twice, and 300 seconds; default 10 seconds.
    /// </summary>
    public TimeSpan RingAgainWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after the end that second ring comes. Between 1 and 300 seconds; default 7 seconds.</summary>
    public TimeSpan RingAgainAfter { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>
    /// How long a node that is told to stop waits for the attempts under way; after that it gives them back. Between 0 and
    /// 60 seconds; default 10 seconds.
    /// </summary>
    public TimeSpan DrainWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts at one application at the same time, per node. Between 1 and 100; default 4.</summary>
    public int PerRelyingParty { get; set; } = 4;

    /// <summary>
    /// Attempts at all applications at the same time, per node; one that has nothing under way may begin one beyond it.
    /// Between 1 and 1000; default 64.
    /// </summary>
    public int InFlight { get; set; } = 64;

    /// <summary>After how many different deliveries in a row that failed an application is left alone. Between 1 and 100; default 4.</summary>
    public int BreakAfter { get; set; } = 4;

    /// <summary>How long it is left alone before one attempt tries whether it is back. Between 1 and 300 seconds; default 5 seconds.</summary>
    public TimeSpan BreakFor { get; set; } = TimeSpan.FromSeconds(5);

    internal string? Refusal()
    {
        return Outside(Timeout, 1, 30) ? Seconds(nameof(Timeout), Timeout, "between 1 and 30 seconds")
            : Outside(LogoutWait, 0, 10) ? Seconds(nameof(LogoutWait), LogoutWait, "between 0 and 10 seconds")
            : Outside(SweepInterval, 0.1, 60) ? Seconds(nameof(SweepInterval), SweepInterval, "between 0.1 and 60 seconds")
            : Outside(Lease, 10, 600) ? Seconds(nameof(Lease), Lease, "between 10 seconds and 10 minutes")
            : Lease < 2 * Timeout ? Seconds(nameof(Lease), Lease, $"at least twice BackChannelLogout:Timeout, which is {Timeout}")
            : Outside(GiveUpAfter, 60, 30 * 86400) ? Seconds(nameof(GiveUpAfter), GiveUpAfter, "between 1 minute and 30 days")
            : Outside(RingAgainWithin, 0, 300) ? Seconds(nameof(RingAgainWithin), RingAgainWithin, "between 0 and 300 seconds")
            : Outside(RingAgainAfter, 1, 300) ? Seconds(nameof(RingAgainAfter), RingAgainAfter, "between 1 and 300 seconds")
            : Outside(DrainWithin, 0, 60) ? Seconds(nameof(DrainWithin), DrainWithin, "between 0 and 60 seconds")
            : PerRelyingParty is < 1 or > 100 ? $"BackChannelLogout:PerRelyingParty is {PerRelyingParty}; it must be between 1 and 100."
            : InFlight is < 1 or > 1000 ? $"BackChannelLogout:InFlight is {InFlight}; it must be between 1 and 1000."
            : BreakAfter is < 1 or > 100 ? $"BackChannelLogout:BreakAfter is {BreakAfter}; it must be between 1 and 100."
            : Outside(BreakFor, 1, 300) ? Seconds(nameof(BreakFor), BreakFor, "between 1 and 300 seconds")
            : null;

        static bool Outside(TimeSpan value, double least, double most) => value.TotalSeconds < least || value.TotalSeconds > most;
        static string Seconds(string name, TimeSpan value, string range) => $"BackChannelLogout:{name} is {value}; it must be {range}.";
    }
}
