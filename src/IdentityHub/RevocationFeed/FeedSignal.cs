using IdentityHub.Messaging;

namespace IdentityHub.RevocationFeed;

/// <summary>Rung after the commit of a revocation, here or at another node, so that the follower need not wait for its next look.</summary>
internal sealed class FeedSignal(TimeProvider time) : Signal(time);
