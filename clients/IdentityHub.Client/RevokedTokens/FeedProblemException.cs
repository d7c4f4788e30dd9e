namespace IdentityHub.Client.RevokedTokens;

/// <summary>The provider answered, and what it said keeps the feed from being read. The message says what to do.</summary>
internal sealed class FeedProblemException(string message) : Exception(message);
