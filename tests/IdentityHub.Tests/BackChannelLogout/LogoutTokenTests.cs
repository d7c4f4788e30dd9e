using System.Text.Json;
using IdentityHub.BackChannelLogout;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class LogoutTokenTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly LogoutDelivery Delivery = new()
    {
        Id = Guid.CreateVersion7(),
        RevocationId = Guid.CreateVersion7(),
        SessionId = Guid.CreateVersion7(),
        ClientId = "bank",
        Sid = "the-sid",
        Subject = "the-sub",
        CreatedAt = Now,
        State = DeliveryState.Pending,
        NextAttemptAt = Now,
        GiveUpAt = Now,
    };

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task It_carries_what_the_specification_asks_for_and_no_more(string algorithm)
    {
        var key = Key(algorithm);

        var token = LogoutToken.Create("https://id.example.com", Delivery, Receiver(LogoutTokenSubject.Sid), new SigningCredentials(key.Private, algorithm), Now);

        var jwt = new JsonWebToken(token);
        Assert.Equal(("logout+jwt", algorithm, key.Stored.Id), (jwt.Typ, jwt.Alg, jwt.Kid));
        using var claims = JsonDocument.Parse(Base64UrlEncoder.Decode(jwt.EncodedPayload));
        Assert.Equal(["aud", "events", "exp", "iat", "iss", "jti", "sid"], claims.RootElement.EnumerateObject().Select(c => c.Name).Order());
        Assert.Equal("https://id.example.com", claims.RootElement.GetProperty("iss").GetString());
        Assert.Equal("bank", claims.RootElement.GetProperty("aud").GetString());
        Assert.Equal("the-sid", claims.RootElement.GetProperty("sid").GetString());
        Assert.Equal(Now.ToUnixTimeSeconds(), claims.RootElement.GetProperty("iat").GetInt64());
        Assert.Equal(Now.ToUnixTimeSeconds() + 120, claims.RootElement.GetProperty("exp").GetInt64());
        Assert.Equal("""{"http://schemas.openid.net/event/backchannel-logout":{}}""", claims.RootElement.GetProperty("events").GetRawText());
        Assert.True((await ValidateAsync(token, key.Public)).IsValid);
    }

    [Theory]
    [InlineData(LogoutTokenSubject.Sid, false, "the-sid", null)]
    [InlineData(LogoutTokenSubject.Sid, true, "the-sid", null)]
    [InlineData(LogoutTokenSubject.Sub, false, null, "the-sub")]
    [InlineData(LogoutTokenSubject.Sub, true, "the-sid", "the-sub")]
    [InlineData(LogoutTokenSubject.SidAndSub, false, "the-sid", "the-sub")]
    [InlineData(LogoutTokenSubject.SidAndSub, true, "the-sid", "the-sub")]
    public void Each_receiver_is_addressed_in_its_dialect(object dialect, bool sidRequired, string? sid, string? sub)
    {
        var token = Create(Receiver((LogoutTokenSubject)dialect, sidRequired));

        Assert.Equal(sid, token.TryGetPayloadValue("sid", out string s) ? s : null);
        Assert.Equal(sub, token.TryGetPayloadValue("sub", out string u) ? u : null);
        Assert.False(token.TryGetPayloadValue("nonce", out string _));
    }

    [Fact]
    public void Each_has_an_identifier_of_its_own()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => Create(Receiver(LogoutTokenSubject.Sid)).Id).ToHashSet();

        Assert.Equal(100, ids.Count);
        Assert.All(ids, id => Assert.Equal(22, id.Length));
    }

    private static JsonWebToken Create(Receiver receiver) =>
        new(LogoutToken.Create("https://id.example.com", Delivery, receiver, new SigningCredentials(Key("ES256").Private, "ES256"), Now));

    private static Receiver Receiver(LogoutTokenSubject dialect, bool sidRequired = false) => new("bank", "https://bank.example/logout", "RS256", dialect, sidRequired);

    private static LoadedKey Key(string algorithm)
    {
        var (id, secret) = KeyMaterial.Create(algorithm);
        return KeyMaterial.Load(new StoredKey { Id = id, Algorithm = algorithm, Sealed = [], CreatedAt = Now, ActiveFrom = Now }, secret);
    }

    private static Task<TokenValidationResult> ValidateAsync(string token, SecurityKey key) => new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = "https://id.example.com",
        ValidAudience = "bank",
        ValidTypes = ["logout+jwt"],
        IssuerSigningKey = key,
        LifetimeValidator = (_, expires, _, _) => expires == (Now + LogoutToken.Lifetime).UtcDateTime,
    });
}
