using System.Diagnostics;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;

namespace IdentityHub.Admin;

/// <summary>What is wrong with a registration, beside its field and in the language of the page.</summary>
internal static class FaultWords
{
    public static string Of(RegistrationFlaw flaw) => flaw.Fault switch
    {
        RegistrationFault.ClientIdCharacters => PartiesTexts.FaultClientIdCharacters.With(flaw.Value),
        RegistrationFault.ClientIdOfPerson => PartiesTexts.FaultClientIdOfPerson.With(flaw.Value),
        RegistrationFault.ClientIdTaken => PartiesTexts.FaultClientIdTaken.With(flaw.Value),
        RegistrationFault.NameTooLong => PartiesTexts.FaultNameTooLong.With(flaw.Value),
        RegistrationFault.GrantTypeUnknown => PartiesTexts.FaultGrantTypeUnknown.With(flaw.Value, flaw.Other),
        RegistrationFault.SecretMissing => PartiesTexts.FaultSecretMissing,
        RegistrationFault.FeedScopeAlone => PartiesTexts.FaultFeedScopeAlone.With(flaw.Value),
        RegistrationFault.RedirectUriMissing => PartiesTexts.FaultRedirectUriMissing,
        RegistrationFault.NoneOf => PartiesTexts.FaultNoneOf.With(flaw.Value, flaw.Other),
        RegistrationFault.AudienceCharacters => PartiesTexts.FaultAudienceCharacters.With(flaw.Value),
        RegistrationFault.AudiencesTooMany => PartiesTexts.FaultAudiencesTooMany.With(flaw.Value),
        RegistrationFault.AgeOutOfRange => PartiesTexts.FaultAgeOutOfRange.With(flaw.Value),
        RegistrationFault.Encrypted => PartiesTexts.FaultEncrypted.With(flaw.Value),
        RegistrationFault.GiveUpOutOfRange => PartiesTexts.FaultGiveUpOutOfRange.With(flaw.Value),
        RegistrationFault.ScopeCharacters => PartiesTexts.FaultScopeCharacters.With(flaw.Value),
        RegistrationFault.UriNotAbsolute => PartiesTexts.FaultUriNotAbsolute.With(flaw.Value),
        RegistrationFault.UriHasFragment => PartiesTexts.FaultUriHasFragment.With(flaw.Value),
        RegistrationFault.UriHasUser => PartiesTexts.FaultUriHasUser.With(flaw.Value),
        RegistrationFault.UriNotHttps => PartiesTexts.FaultUriNotHttps.With(flaw.Value),
        RegistrationFault.UriSchemeNotHttps => PartiesTexts.FaultUriSchemeNotHttps.With(flaw.Value),
        RegistrationFault.UriSchemeNotNative => PartiesTexts.FaultUriSchemeNotNative.With(flaw.Value),
        RegistrationFault.UriOfOtherOrigin => PartiesTexts.FaultUriOfOtherOrigin.With(flaw.Value),
        RegistrationFault.UriAddressWritten => PartiesTexts.FaultUriAddressWritten.With(flaw.Value, flaw.Other),
        RegistrationFault.UriAddressRefused => PartiesTexts.FaultUriAddressRefused.With(flaw.Value, flaw.Other),
        RegistrationFault.UriNameInner => PartiesTexts.FaultUriNameInner.With(flaw.Value, flaw.Other),
        RegistrationFault.UriPort => PartiesTexts.FaultUriPort.With(flaw.Value),
        _ => throw new UnreachableException(),
    };
}
