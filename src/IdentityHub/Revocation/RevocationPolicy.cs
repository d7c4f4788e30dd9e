using System.Diagnostics;

namespace IdentityHub.Revocation;

/// <summary>Which sessions an act ends.</summary>
internal enum SessionsEnded
{
    /// <summary>None: the act is about an application.</summary>
    None,

    /// <summary>The one it names.</summary>
    ThisOne,

    /// <summary>All of the person but the one it names.</summary>
    Others,

    /// <summary>All of the person.</summary>
    All,

    /// <summary>Those of many people that the act describes.</summary>
    OfMany,
}

/// <summary>Which tokens and grants die with them.</summary>
internal enum TokensRevoked
{
    /// <summary>All that the application has of the person, <c>offline_access</c> included.</summary>
    OfApplication,

    /// <summary>
    /// Those of the ended sessions; a grant with consent to <c>offline_access</c> lives on (Back-Channel Logout §2.7).
    /// </summary>
    OfSessions,

    /// <summary>All of the person, <c>offline_access</c> included: a security event (specs.md §0.1 C5).</summary>
    AllOfPerson,

    /// <summary>Those of the ended sessions, and what the relying party that the act names holds, <c>offline_access</c> included.</summary>
    OfSessionsAndRelyingParty,
}

/// <summary>What one reason does: which sessions, which tokens, and who is told.</summary>
internal sealed record RevocationPolicy(SessionsEnded Sessions, TokensRevoked Tokens, bool Mail)
{
    /// <summary>
    /// Whether the browsers that skip the second factor are asked for it again: whenever the hub cannot know whose hands
    /// the account was in, which is when it spares no token either.
    /// </summary>
    public bool ForgetsTrust => Tokens is TokensRevoked.AllOfPerson;

    /// <summary>Whether an operator may choose that applications are not told (<c>Sessions:TellOnExpiry</c>).</summary>
    public bool MayGoUntold { get; private init; }

    /// <summary>Whether the person has no address afterwards: the mail goes to the one they had before the act, is about nobody any more, and offers no way back.</summary>
    public bool LeavesNoAddress { get; private init; }

    /// <summary>Whether the mail leads to a new password, in place of "this was not me".</summary>
    public bool StartsReset { get; private init; }

    /// <summary>The single place of the rule who is ended by what (specs.md §3.4). Exhaustive: a new reason must choose.</summary>
    public static RevocationPolicy For(RevocationReason reason) => reason switch
    {
        RevocationReason.SignedOut => ThisSession,
        RevocationReason.SessionEnded => ThisSession,
        RevocationReason.ReplacedBySignIn => ThisSession,
        RevocationReason.IdleTimeout => ThisSession with { MayGoUntold = true },
        RevocationReason.AbsoluteTimeout => ThisSession with { MayGoUntold = true },
        RevocationReason.SessionLimit => ThisSession,
        RevocationReason.ApplicationWithdrawn => new(SessionsEnded.None, TokensRevoked.OfApplication, Mail: false),
        RevocationReason.SessionRevokedByAdministrator => ThisSession,
        RevocationReason.SignedOutOthers => new(SessionsEnded.Others, TokensRevoked.OfSessions, Mail: false),
        RevocationReason.SignedOutEverywhere => new(SessionsEnded.All, TokensRevoked.OfSessions, Mail: false),
        RevocationReason.PasswordChanged => OthersOfPerson,
        RevocationReason.EmailChanged => OthersOfPerson,
        RevocationReason.SecondFactorEnabled => OthersOfPerson,
        RevocationReason.SecondFactorDisabled => OthersOfPerson,
        RevocationReason.SecondFactorChanged => OthersOfPerson,
        RevocationReason.PasskeyAdded => OthersOfPerson,
        RevocationReason.PasskeyRemoved => OthersOfPerson,
        RevocationReason.PasswordReset => EverythingOfPerson with { Mail = true },
        RevocationReason.ReportedByPerson => EverythingOfPerson with { Mail = true, StartsReset = true },
        RevocationReason.RevokedByAdministrator => EverythingOfPerson,
        RevocationReason.NewPasswordRequired => EverythingOfPerson with { Mail = true, StartsReset = true },
        RevocationReason.AccountDisabled => EverythingOfPerson,
        RevocationReason.AccountClosed => EverythingOfPerson with { Mail = true, LeavesNoAddress = true },
        RevocationReason.EveryoneRevoked => new(SessionsEnded.OfMany, TokensRevoked.AllOfPerson, Mail: false),
        RevocationReason.RelyingPartyRevoked => new(SessionsEnded.OfMany, TokensRevoked.OfSessionsAndRelyingParty, Mail: false),
        _ => throw new UnreachableException($"{reason} has no row in the policy table."),
    };

    private static readonly RevocationPolicy ThisSession = new(SessionsEnded.ThisOne, TokensRevoked.OfSessions, Mail: false);
    private static readonly RevocationPolicy OthersOfPerson = new(SessionsEnded.Others, TokensRevoked.AllOfPerson, Mail: true);
    private static readonly RevocationPolicy EverythingOfPerson = new(SessionsEnded.All, TokensRevoked.AllOfPerson, Mail: false);
}
