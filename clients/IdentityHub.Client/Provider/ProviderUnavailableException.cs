namespace IdentityHub.Client.Provider;

/// <summary>The provider's metadata was never fetched and cannot be fetched now, so nothing can be judged or started.</summary>
internal sealed class ProviderUnavailableException(Exception cause)
    : Exception("The provider's metadata is not available.", cause);
