using MimeKit;

namespace IdentityHub.Mail;

/// <summary>How mail leaves the hub. Section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    /// <summary>
    /// The address mails come from, alone or with a name (<c>Example &lt;id@example.com&gt;</c>). Required with
    /// <see cref="Smtp"/>; in the pickup folder it is <c>no-reply@</c> and the issuer's host when nothing is set.
    /// </summary>
    public string? From { get; set; }

    /// <summary>The mail server. Without a host, mails are written to <see cref="PickupFolder"/>.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Where mails are written as <c>.eml</c> files when there is no mail server. Default: <c>mail</c> in the data folder.</summary>
    public string? PickupFolder { get; set; }

    /// <summary>
    /// How many mails an hour one address gets of those that anybody can cause: registration, forgotten password, a new
    /// address to confirm. More are not sent, and nobody is told. Between 1 and 100; default 5.
    /// </summary>
    public int AskedForPerHour { get; set; } = 5;

    /// <summary>How long a mail that the server does not take is tried again; a link that has expired earlier ends it earlier. Between 1 minute and 7 days; default 24 hours.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long it is remembered that a mail was sent; its address and content are forgotten at once. Between 1 hour and 90 days; default 7 days.</summary>
    public TimeSpan KeepSettled { get; set; } = TimeSpan.FromDays(7);

    internal string? Refusal(bool development)
    {
        // The parser takes a bare name for a mailbox of this machine.
        if (From is { Length: > 0 } && !(MailboxAddress.TryParse(From, out var from) && from.Address.Contains('@', StringComparison.Ordinal)))
        {
            return $"Mail:From is '{From}'; it must be one address such as id@example.com or Example <id@example.com>.";
        }

        if (AskedForPerHour is < 1 or > 100)
        {
            return $"Mail:AskedForPerHour is {AskedForPerHour}; it must be between 1 and 100.";
        }

        if (GiveUpAfter < TimeSpan.FromMinutes(1) || GiveUpAfter > TimeSpan.FromDays(7))
        {
            return $"Mail:GiveUpAfter is {GiveUpAfter}; it must be between 00:01:00 and 7.00:00:00.";
        }

        if (KeepSettled < TimeSpan.FromHours(1) || KeepSettled > TimeSpan.FromDays(90))
        {
            return $"Mail:KeepSettled is {KeepSettled}; it must be between 01:00:00 and 90.00:00:00.";
        }

        return Smtp.Refusal(development)
            ?? (Smtp.Host is { Length: > 0 } && string.IsNullOrWhiteSpace(From)
                ? "Mail:From is missing; with Mail:Smtp:Host it must be the address that mails come from, for example id@example.com."
                : null);
    }
}
