namespace IdentityHub.EndToEnd.Faults;

internal sealed record OAuthError(string Code, string? Description, int Status);
