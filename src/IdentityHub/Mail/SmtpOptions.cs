using System.Net;

namespace IdentityHub.Mail;

/// <summary>The mail server that takes our mails (RFC 5321, submission of RFC 6409). Section <c>Mail:Smtp</c>.</summary>
internal sealed class SmtpOptions
{
    /// <summary>Its name or address; empty for none.</summary>
    public string? Host { get; set; }

    /// <summary>Default: 587 with <see cref="SmtpSecurity.StartTls"/>, 465 with <see cref="SmtpSecurity.Tls"/>, 25 with <see cref="SmtpSecurity.None"/>.</summary>
    public int? Port { get; set; }

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>How long one step of the conversation may take. Between 1 second and 1 minute; default 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    internal int PortOrDefault => Port ?? Security switch
    {
        SmtpSecurity.StartTls => 587,
        SmtpSecurity.Tls => 465,
        _ => 25,
    };

    // No message repeats the user name or the password.
    internal string? Refusal(bool development)
    {
        if (string.IsNullOrWhiteSpace(Host))
        {
            return Port is not null || UserName is { Length: > 0 } || Password is { Length: > 0 }
                ? "Mail:Smtp has settings but no Mail:Smtp:Host; name the mail server, or remove them to write mails to the pickup folder."
                : null;
        }

        if (Uri.CheckHostName(Host) is UriHostNameType.Unknown)
        {
            return $"Mail:Smtp:Host is '{Host}'; it must be a host name or an address without scheme and port, for example smtp.example.com.";
        }

        if (Port is < 1 or > 65535)
        {
            return $"Mail:Smtp:Port is {Port}; it must be between 1 and 65535, usually 587 or 465.";
        }

        if (string.IsNullOrEmpty(UserName) != string.IsNullOrEmpty(Password))
        {
            return "Mail:Smtp:UserName and Mail:Smtp:Password belong together; set both or neither.";
        }

        if (Security is SmtpSecurity.None && UserName is { Length: > 0 })
        {
            return "Mail:Smtp:Security is None with a user name; the password would travel in clear text. Use StartTls or Tls.";
        }

        // A link that resets a password is as good as one.
        if (Security is SmtpSecurity.None && !development && !IsThisMachine)
        {
            return "Mail:Smtp:Security is None; links to reset passwords would travel in clear text. Use StartTls or Tls, or a mail server on this machine.";
        }

        return Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1)
            ? $"Mail:Smtp:Timeout is {Timeout}; it must be between 00:00:01 and 00:01:00."
            : null;
    }

    private bool IsThisMachine => Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));
}

internal enum SmtpSecurity
{
    /// <summary>Plain at first, then TLS or nothing: a server that does not offer STARTTLS is refused (RFC 3207).</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314 §3.3).</summary>
    Tls,

    /// <summary>No encryption: a mail server on the same machine, or development.</summary>
    None,
}
