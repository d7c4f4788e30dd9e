using IdentityHub.Messaging;

namespace IdentityHub.BackChannelLogout;

/// <summary>Rung when deliveries may be due on this node before the dispatcher's next look.</summary>
internal sealed class Doorbell(TimeProvider time) : Signal(time);
