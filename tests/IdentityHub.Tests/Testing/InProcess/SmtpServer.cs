using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace IdentityHub.Tests.Testing.InProcess;

/// <summary>
/// A mail server on loopback, as much of RFC 5321 as a submission needs: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA.
/// Keeps what it takes, and answers as a test wants it to.
/// </summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    private SmtpServer(bool tls)
    {
        _certificate = tls ? SelfSigned() : null;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string? Thumbprint => _certificate?.GetCertHashString();

    public ConcurrentQueue<MimeMessage> Taken { get; } = new();

    /// <summary>Every line the client said, with whether it was encrypted.</summary>
    public ConcurrentQueue<(string Line, bool Encrypted)> Said { get; } = new();

    /// <summary>The answer to RCPT TO; changed by a test.</summary>
    public string ToRecipient { get; set; } = "250 2.1.5 Ok";

    /// <summary>The answer after the message.</summary>
    public string ToMessage { get; set; } = "250 2.0.0 Ok";

    /// <param name="tls">Offers STARTTLS with a certificate nobody trusts.</param>
    public static SmtpServer Start(bool tls = false) => new(tls);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _certificate?.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                conversations.Add(ConverseAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }

        await Task.WhenAll(conversations);
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ConverseAsync(client.GetStream());
            }
            catch (Exception problem) when (problem is IOException or OperationCanceledException or AuthenticationException)
            {
                // The client left, or did not trust us.
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        var (encrypted, text) = (false, new Lines(stream));
        await text.WriteAsync("220 test", _closing.Token);
        while (await text.ReadAsync(_closing.Token) is { } line)
        {
            Said.Enqueue((line, encrypted));
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await text.WriteAsync("250-test", _closing.Token);
                    await text.WriteAsync(encrypted ? "250 AUTH PLAIN" : _certificate is null ? "250 8BITMIME" : "250 STARTTLS", _closing.Token);
                    break;
                case "STARTTLS":
                    await text.WriteAsync("220 Ready", _closing.Token);
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _closing.Token);
                    (encrypted, text) = (true, new Lines(tls));
                    break;
                case "AUTH":
                    await text.WriteAsync("235 2.7.0 Welcome", _closing.Token);
                    break;
                case "RCPT":
                    await text.WriteAsync(ToRecipient, _closing.Token);
                    break;
                case "DATA":
                    await text.WriteAsync("354 Go ahead", _closing.Token);
                    var message = await ReadMessageAsync(text);
                    if (ToMessage.StartsWith('2'))
                    {
                        Taken.Enqueue(message);
                    }

                    await text.WriteAsync(ToMessage, _closing.Token);
                    break;
                case "QUIT":
                    await text.WriteAsync("221 Bye", _closing.Token);
                    return;
                default:
                    await text.WriteAsync("250 Ok", _closing.Token);
                    break;
            }
        }
    }

    private async Task<MimeMessage> ReadMessageAsync(Lines text)
    {
        using var message = new MemoryStream();
        while (await text.ReadAsync(_closing.Token) is { } line and not ".")
        {
            // RFC 5321 §4.5.2: a leading dot was doubled.
            message.Write(Encoding.Latin1.GetBytes((line.StartsWith('.') ? line[1..] : line) + "\r\n"));
        }

        message.Position = 0;
        return await MimeMessage.LoadAsync(message, _closing.Token);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Lines of bytes, and nothing read ahead: what follows STARTTLS belongs to TLS.</summary>
    private sealed class Lines(Stream stream)
    {
        public async Task<string?> ReadAsync(CancellationToken cancel)
        {
            var (line, one) = (new List<byte>(), new byte[1]);
            while (await stream.ReadAsync(one, cancel) == 1)
            {
                if (one[0] == '\n')
                {
                    return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
                }

                line.Add(one[0]);
            }

            return null;
        }

        public Task WriteAsync(string line, CancellationToken cancel) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancel).AsTask();
    }
}
