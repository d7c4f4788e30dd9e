using System.Text.Json;

namespace IdentityHub.Revocation;

/// <summary>Why sessions end. Each reason has its row in the policy table; the matrix is documented in <c>docs/what-ends-what.md</c>.</summary>
internal enum RevocationReason
{
    /// <summary>The person signed out, in an application or at the hub (RP-Initiated Logout §2).</summary>
    SignedOut,

    /// <summary>The person ended one session from the list of sessions.</summary>
    SessionEnded,

    /// <summary>The person ended all other sessions from the list.</summary>
    SignedOutOthers,

    /// <summary>The person ended every session.</summary>
    SignedOutEverywhere,

    /// <summary>Another person signed in in the same browser.</summary>
    ReplacedBySignIn,

    /// <summary>Nobody used the session for too long (ASVS 7.3.1).</summary>
    IdleTimeout,

    /// <summary>The session reached its absolute lifetime (ASVS 7.3.2).</summary>
    AbsoluteTimeout,

    /// <summary>The person signed in once more than <c>Sessions:MaxPerPerson</c> allows, and this was the oldest session (ASVS 7.1.2).</summary>
    SessionLimit,

    /// <summary>The person took back what an application was allowed. It ends no session of the hub.</summary>
    ApplicationWithdrawn,

    PasswordChanged,
    PasswordReset,

    /// <summary>The person answered a notice: this was not me. How anybody could sign in until then is void as well.</summary>
    ReportedByPerson,

    EmailChanged,
    SecondFactorEnabled,
    SecondFactorDisabled,
    SecondFactorChanged,
    PasskeyAdded,
    PasskeyRemoved,

    /// <summary>An administrator ended one session.</summary>
    SessionRevokedByAdministrator,

    /// <summary>An administrator ended everything of a person.</summary>
    RevokedByAdministrator,

    /// <summary>An administrator made the password void. How anybody could sign in until then is void as well.</summary>
    NewPasswordRequired,

    AccountDisabled,
    AccountClosed,

    /// <summary>An administrator ended everybody's sessions, or all from before an instant.</summary>
    EveryoneRevoked,

    /// <summary>An administrator ended every session in which one relying party took part.</summary>
    RelyingPartyRevoked,
}

internal static class RevocationReasonNames
{
    /// <summary>The reason as events and the audit carry it: <c>password_changed</c>.</summary>
    public static string Wire(this RevocationReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
