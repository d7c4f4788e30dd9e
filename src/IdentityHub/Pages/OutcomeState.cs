namespace IdentityHub.Pages;

/// <summary>
/// What a page can say of one application after an act that ended sessions. The same names and values as Revocation's
/// <c>ConfirmationState</c>, which this folder does not know.
/// </summary>
public enum OutcomeState
{
    Confirmed,
    Waiting,
    Refused,
    Unconfirmed,
    Unreachable,
}
