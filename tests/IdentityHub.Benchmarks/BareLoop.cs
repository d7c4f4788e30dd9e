using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IdentityHub.Benchmarks;

/// <summary>
/// The limit that a delivery cannot beat on this machine: sign a token of the same shape, POST it over a connection
/// that stays open, read the answer. No database, no queue, nothing to remember.
/// </summary>
internal static class BareLoop
{
    public static async Task<double> PerSecondAsync(string algorithm, Uri sink, int parallel, TimeSpan warmUp, TimeSpan duration)
    {
        using var signer = new Signer(algorithm);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        await RunAsync(signer, http, sink, parallel, warmUp);
        var started = Stopwatch.GetTimestamp();
        var sent = await RunAsync(signer, http, sink, parallel, duration);
        return sent / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<int> RunAsync(Signer signer, HttpMessageInvoker http, Uri sink, int parallel, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, sink) { Content = new FormUrlEncodedContent([new("logout_token", signer.Token())]) };
                using var answer = await http.SendAsync(request, CancellationToken.None);
                count += answer.IsSuccessStatusCode ? 1 : throw new InvalidOperationException($"The sink answered {answer.StatusCode}.");
            }

            return count;
        })));
        return counts.Sum();
    }

    private sealed class Signer : IDisposable
    {
        private readonly RSA? _rsa;
        private readonly ECDsa? _ecdsa;
        private readonly string _header;

        public Signer(string algorithm)
        {
            (_rsa, _ecdsa) = algorithm == "RS256" ? (RSA.Create(2048), null) : ((RSA?)null, ECDsa.Create(ECCurve.NamedCurves.nistP256));
            _header = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, kid = "a-key-id-of-some-length", typ = "logout+jwt" }));
        }

        public string Token()
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["iss"] = "https://id.example.com",
                ["aud"] = "party-0",
                ["iat"] = now,
                ["exp"] = now + 120,
                ["jti"] = Encode(RandomNumberGenerator.GetBytes(16)),
                ["sid"] = Encode(RandomNumberGenerator.GetBytes(24)),
                ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
            });
            var text = $"{_header}.{Encode(body)}";
            var bytes = Encoding.ASCII.GetBytes(text);
            return $"{text}.{Encode(_rsa?.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? _ecdsa!.SignData(bytes, HashAlgorithmName.SHA256))}";
        }

        public void Dispose()
        {
            _rsa?.Dispose();
            _ecdsa?.Dispose();
        }

        private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
    }
}
