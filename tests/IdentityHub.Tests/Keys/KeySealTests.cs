using System.Security.Cryptography;
using IdentityHub.Data;
using IdentityHub.Keys;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Keys;

public sealed class KeySealTests
{
    private static readonly byte[] Plain = RandomNumberGenerator.GetBytes(100);
    private readonly KeySeal _seal = Seal(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void What_was_sealed_opens_and_does_not_show()
    {
        var box = _seal.Seal(Plain, "RS256:a");

        Assert.Equal(Plain, _seal.Open(box, "RS256:a"));
        Assert.False(box.AsSpan().IndexOf(Plain.AsSpan(0, 8)) >= 0);
        Assert.NotEqual(box, _seal.Seal(Plain, "RS256:a"));
    }

    [Fact]
    public void Another_secret_does_not_open_it_and_says_what_to_do()
    {
        var refusal = Assert.Throws<SettingException>(() => Seal(RandomNumberGenerator.GetBytes(32)).Open(_seal.Seal(Plain, "RS256:a"), "RS256:a"));

        Assert.Contains("every node on this database needs the same Keys:Secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_use_does_not_open_it() =>
        Assert.Throws<SettingException>(() => _seal.Open(_seal.Seal(Plain, "RS256:a"), "RS256:b"));

    [Fact]
    public void No_changed_byte_goes_unnoticed()
    {
        var box = _seal.Seal(Plain, "RS256:a");
        for (var i = 0; i < box.Length; i++)
        {
            box[i] ^= 1;
            Assert.NotNull(Record.Exception(() => _seal.Open(box, "RS256:a")));
            box[i] ^= 1;
        }

        Assert.Throws<CryptographicException>(() => _seal.Open(box.AsSpan(0, 20), "RS256:a"));
    }

    private static KeySeal Seal(byte[] secret) =>
        new(new InstallationSecret(Options.Create(new KeyOptions { Secret = Convert.ToBase64String(secret) }), Options.Create(new HubOptions())));
}
