using System.Diagnostics;

namespace IdentityHub.Sessions;

/// <summary>Pairs of lifetimes with a reason behind them. A single timeout that is set counts before the preset's.</summary>
internal enum LifetimePreset
{
    /// <summary>NIST SP 800-63B-4 §2.2.3, AAL2: 1 hour idle, 24 hours in all.</summary>
    Standard,

    /// <summary>NIST SP 800-63B-4 §2.3.3, AAL3, and PCI DSS 4.0.1 8.2.8: 15 minutes idle, 12 hours in all.</summary>
    Bank,

    /// <summary>NIST SP 800-63B-4 §2.1.3, AAL1: 14 days idle, 30 days in all.</summary>
    Remembered,
}

internal static class LifetimePresets
{
    public static (TimeSpan Idle, TimeSpan Absolute) Timeouts(this LifetimePreset preset) => preset switch
    {
        LifetimePreset.Standard => (TimeSpan.FromHours(1), TimeSpan.FromHours(24)),
        LifetimePreset.Bank => (TimeSpan.FromMinutes(15), TimeSpan.FromHours(12)),
        LifetimePreset.Remembered => (TimeSpan.FromDays(14), TimeSpan.FromDays(30)),
        _ => throw new UnreachableException(),
    };
}
