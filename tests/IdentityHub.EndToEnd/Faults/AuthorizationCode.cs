namespace IdentityHub.EndToEnd.Faults;

/// <summary>A code and what is needed to redeem it.</summary>
internal sealed record AuthorizationCode(string Code, string Verifier, RelyingPartySettings RelyingParty);
