using System.Net.Security;
using System.Net.Sockets;
using IdentityHub.Data;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace IdentityHub.Mail;

/// <summary>
/// Hands mails to a mail server (RFC 6409). Keeps the connection while there is something to carry. What the server
/// writes is not passed on: it repeats addresses.
/// </summary>
/// <param name="options">Which server.</param>
/// <param name="hub">Who we say we are.</param>
/// <param name="trust">Judges the server's certificate; null for the machine's own judgement, which is the only one outside tests.</param>
internal sealed class SmtpCarrier(IOptions<MailOptions> options, IOptions<HubOptions> hub, RemoteCertificateValidationCallback? trust = null) : IMailCarrier, IDisposable
{
    private readonly SmtpOptions _smtp = options.Value.Smtp;
    private readonly SmtpClient _client = new()
    {
        Timeout = (int)options.Value.Smtp.Timeout.TotalMilliseconds,
        LocalDomain = hub.Value.IssuerUri.IdnHost,
        // As everywhere else in .NET: asking for it is asking a third server, which a closed network does not reach.
        CheckCertificateRevocation = false,
        ServerCertificateValidationCallback = trust,
    };

    public async Task<MailOutcome> CarryAsync(MimeMessage message, Guid id, DateTimeOffset createdAt, CancellationToken cancel)
    {
        try
        {
            await ConnectAsync(cancel);
            await _client.SendAsync(message, cancel);
            return new MailOutcome.Sent();
        }
        catch (SmtpCommandException problem)
        {
            await RestAsync();
            return Judge(problem);
        }
        catch (Exception problem) when (problem is SmtpProtocolException or IOException or SocketException or TimeoutException
            or AuthenticationException or SslHandshakeException or NotSupportedException or ServiceNotConnectedException or ServiceNotAuthenticatedException)
        {
            await RestAsync();
            return new MailOutcome.Retry(problem.GetType().Name);
        }
    }

    public async Task RestAsync()
    {
        try
        {
            if (_client.IsConnected)
            {
                await _client.DisconnectAsync(quit: true);
            }
        }
        catch (Exception problem) when (problem is IOException or SocketException or SmtpProtocolException or SmtpCommandException or TimeoutException)
        {
            // It is gone, which is what was wanted.
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task ConnectAsync(CancellationToken cancel)
    {
        if (!_client.IsConnected)
        {
            await _client.ConnectAsync(_smtp.Host!, _smtp.PortOrDefault, _smtp.Security switch
            {
                SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
                SmtpSecurity.None => SecureSocketOptions.None,
                // Not "when available": whoever strips the offer would read the links.
                _ => SecureSocketOptions.StartTls,
            }, cancel);
        }

        if (!_client.IsAuthenticated && _smtp.UserName is { Length: > 0 } name)
        {
            await _client.AuthenticateAsync(name, _smtp.Password!, cancel);
        }
    }

    // RFC 5321 §4.2.1: 5yz is final. Only where it is about this mailbox or this mail, though: a server that does not
    // take our sender address or wants us to authenticate is to be configured, and the mails wait for it.
    private static MailOutcome Judge(SmtpCommandException problem)
    {
        var why = $"SMTP {(int)problem.StatusCode} ({problem.ErrorCode})";
        var final = (int)problem.StatusCode >= 500 && problem.StatusCode is not SmtpStatusCode.AuthenticationRequired;
        return final && (problem.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
            ? new MailOutcome.Refused(why)
            : new MailOutcome.Retry(why);
    }
}
