namespace IdentityHub.Sessions;

/// <summary>How long sessions live and how many a person may have. Section <c>Sessions</c>. The reasons stand in <c>docs/sessions.md</c>.</summary>
internal sealed class SessionOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary><c>Standard</c> (default), <c>Bank</c> or <c>Remembered</c>: what the timeouts are where they are not set.</summary>
    public LifetimePreset Preset { get; set; }

    /// <summary>A session nobody uses for this long ends (ASVS 7.3.1). Between 1 minute and 30 days; default the preset's.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>A session ends this long after sign-in, however much it is used (ASVS 7.3.2). Between 1 minute and 30 days; default the preset's.</summary>
    public TimeSpan? AbsoluteTimeout { get; set; }

    /// <summary>Whether people are offered to stay signed in on a device. Default: yes, but not with the preset <c>Bank</c>.</summary>
    public bool? RememberMe { get; set; }

    /// <summary>The idle timeout of a person who chose to stay signed in. Between 1 minute and 30 days; default 14 days.</summary>
    public TimeSpan? RememberedIdleTimeout { get; set; }

    /// <summary>The absolute timeout of a person who chose to stay signed in. Between 1 minute and 30 days; default 30 days (NIST SP 800-63B-4 §2.1.3).</summary>
    public TimeSpan? RememberedAbsoluteTimeout { get; set; }

    /// <summary>Whether the applications are told of a session that ran out, as of any other that ended. Default: yes.</summary>
    public bool TellOnExpiry { get; set; } = true;

    /// <summary>How many sessions a person may have at once; one more ends the oldest (ASVS 7.1.2). Between 1 and 1000; default: no limit.</summary>
    public int? MaxPerPerson { get; set; }

    /// <summary>How long the row of an ended session is kept, for the lists of what ended. Between 1 hour and 10 years; default 90 days.</summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Whether the sign-in page offers it.</summary>
    public bool OffersRememberMe => RememberMe ?? Preset is not LifetimePreset.Bank;

    /// <summary>The terms of a session that begins now. A wish to be remembered that was not on offer is not heard.</summary>
    public SessionTerms Terms(bool remember)
    {
        var remembered = remember && OffersRememberMe;
        var (idle, absolute) = (remembered ? LifetimePreset.Remembered : Preset).Timeouts();
        return remembered
            ? new(RememberedIdleTimeout ?? idle, RememberedAbsoluteTimeout ?? absolute, Remembered: true)
            : new(IdleTimeout ?? idle, AbsoluteTimeout ?? absolute, Remembered: false);
    }

    internal string? Refusal() =>
        Timeout(nameof(IdleTimeout), IdleTimeout)
        ?? Timeout(nameof(AbsoluteTimeout), AbsoluteTimeout)
        ?? Timeout(nameof(RememberedIdleTimeout), RememberedIdleTimeout)
        ?? Timeout(nameof(RememberedAbsoluteTimeout), RememberedAbsoluteTimeout)
        ?? (Enum.IsDefined(Preset) ? null : $"Sessions:Preset is {Preset}; it must be {string.Join(", ", Enum.GetNames<LifetimePreset>())}.")
        ?? (MaxPerPerson is < 1 or > 1000 ? $"Sessions:MaxPerPerson is {MaxPerPerson}; it must be between 1 and 1000. Leave it out for no limit." : null)
        ?? (KeepEnded < TimeSpan.FromHours(1) || KeepEnded > TimeSpan.FromDays(3650)
            ? $"Sessions:KeepEnded is {KeepEnded}; it must be between 01:00:00 and 3650.00:00:00."
            : null);

    private static string? Timeout(string name, TimeSpan? value) => value < Shortest || value > Longest
        ? $"Sessions:{name} is {value}; it must be between 00:01:00 and 30.00:00:00."
        : null;
}
