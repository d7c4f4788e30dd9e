using IdentityHub.Messaging;

namespace IdentityHub.Mail;

/// <summary>Rung after the commit of a transaction that queued a mail, so that the sender need not wait for its next look.</summary>
internal sealed class MailSignal(TimeProvider time) : Signal(time);
