using MimeKit;

namespace IdentityHub.Mail;

/// <summary>What takes mails out of the hub: a mail server, or a folder. Used by one loop.</summary>
internal interface IMailCarrier
{
    /// <param name="message">Complete, with a Message-Id that stays the same when it is carried again.</param>
    /// <param name="id">The row it comes from.</param>
    /// <param name="createdAt">When it was queued.</param>
    /// <param name="cancel">When the node is to stop.</param>
    Task<MailOutcome> CarryAsync(MimeMessage message, Guid id, DateTimeOffset createdAt, CancellationToken cancel);

    /// <summary>Nothing is left to carry for now.</summary>
    Task RestAsync();
}
