namespace IdentityHub.Messaging;

/// <summary>Rung after the commit of a transaction that added to the outbox, so that the relay need not wait for its next look.</summary>
internal sealed class OutboxSignal(TimeProvider time) : Signal(time);
