namespace IdentityHub.RelyingParties;

/// <summary>What can be wrong with a registration, for whoever says it in another language.</summary>
internal enum RegistrationFault
{
    ClientIdCharacters,
    ClientIdOfPerson,
    ClientIdTaken,
    NameTooLong,
    GrantTypeUnknown,
    SecretMissing,
    FeedScopeAlone,
    RedirectUriMissing,
    NoneOf,
    AudienceCharacters,
    AudiencesTooMany,
    AgeOutOfRange,
    Encrypted,
    GiveUpOutOfRange,
    ScopeCharacters,
    UriNotAbsolute,
    UriHasFragment,
    UriHasUser,
    UriNotHttps,
    UriSchemeNotHttps,
    UriSchemeNotNative,
    UriOfOtherOrigin,
    UriAddressWritten,
    UriAddressRefused,
    UriNameInner,
    UriPort,
}

/// <summary>One thing that is wrong, and how to mend it.</summary>
/// <param name="Fault">What it is.</param>
/// <param name="Words">For whoever wrote it, in English and with the name that they know the member by.</param>
/// <param name="Value">What was written.</param>
/// <param name="Other">What it collides with, or what would be right.</param>
internal sealed record RegistrationFlaw(RegistrationFault Fault, string Words, string Value = "", string Other = "");

/// <summary>What is wrong with one member of a registration.</summary>
/// <param name="Member">The name of the property of <see cref="Registration"/>.</param>
/// <param name="Flaw">The first thing that is wrong with it.</param>
internal sealed record RegistrationRefusal(string Member, RegistrationFlaw Flaw)
{
    public string Words => Flaw.Words;
}
