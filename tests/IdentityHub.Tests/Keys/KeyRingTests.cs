using System.Security.Cryptography;
using System.Text;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityHub.Tests.Keys;

public sealed class KeyRingTests(SharedServers servers)
{
    private static readonly string Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task The_first_start_makes_one_key_of_each_kind_and_the_next_finds_them(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var first = await RingAsync(database);

        Assert.Equal(["RS256", "ES256"], first.Signing.Select(c => c.Algorithm));
        Assert.Equal(2048, first.Signing[0].Key.KeySize);
        Assert.Equal((SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512), (first.Encryption.Single().Alg, first.Encryption.Single().Enc));
        Assert.Equal(first.Signing.Select(c => c.Kid), first.Published.Select(k => k.KeyId));
        Assert.All(first.Signing, own => Assert.ThrowsAny<Exception>(
            () => Sign(new SigningCredentials(first.Published.Single(key => key.KeyId == own.Kid), own.Algorithm))));
        Assert.All(first.Published, key => Assert.Equal(key.KeyId, Base64UrlEncoder.Encode(key.ComputeJwkThumbprint())));
        Assert.Throws<ArgumentOutOfRangeException>(() => first.ActiveFor("HS256"));

        var second = await RingAsync(database);
        Assert.Equal(Names(first), Names(second));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Nodes_that_start_at_once_agree(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);

        var rings = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => RingAsync(database))));

        Assert.Single(rings.Select(Names).Distinct());
        Assert.Equal(3, await database.ReadAsync(db => db.Set<StoredKey>().CountAsync()));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_node_verifies_what_another_signed_and_decrypts_what_it_encrypted(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (one, other) = (await RingAsync(database), await RingAsync(database));

        await VerifiesAsync(other, Sign(one, "RS256"));
        await VerifiesAsync(other, Sign(one, "ES256"));
        var encrypted = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor { Issuer = "hub", SigningCredentials = one.ActiveFor("ES256"), EncryptingCredentials = one.Encryption[0] });
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(encrypted, Parameters(other, p => p.TokenDecryptionKeys = other.Encryption.Select(c => c.Key)));
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    [Fact]
    public async Task Many_threads_sign_at_once()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var ring = await RingAsync(database);

        await Parallel.ForAsync(0, 200, async (i, _) => await VerifiesAsync(ring, Sign(ring, i % 2 == 0 ? "RS256" : "ES256")));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_node_with_another_secret_does_not_start(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await RingAsync(database);

        var refusal = await Assert.ThrowsAsync<SettingException>(() => RingAsync(database, secret: Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));

        Assert.StartsWith("Keys:Secret (or the key file hub.key) does not open the keys in the database", refusal.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_key_is_announced_then_used_then_kept_then_gone(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var ring = await RingAsync(database, time);
        var other = await RingAsync(database, time);
        var changes = 0;
        ring.Changed += () => changes++;
        var (first, before) = (ring.ActiveFor("RS256").Kid, Sign(ring, "RS256"));

        await ring.LoadAsync(CancellationToken.None);
        Assert.Equal(0, changes);

        time.Advance(TimeSpan.FromDays(89));
        await ring.LoadAsync(CancellationToken.None);
        Assert.Equal(1, changes);
        Assert.Equal((first, 4, 2), (ring.ActiveFor("RS256").Kid, ring.Published.Count, ring.Encryption.Count));
        Assert.Equal(first, ring.Signing[0].Kid);

        // The other node, which slept meanwhile, finds the announced key and makes none of its own.
        time.Advance(TimeSpan.FromDays(1));
        await other.LoadAsync(CancellationToken.None);
        await ring.LoadAsync(CancellationToken.None);
        var second = ring.ActiveFor("RS256").Kid;
        Assert.NotEqual(first, second);
        Assert.Equal(second, other.ActiveFor("RS256").Kid);
        Assert.Equal(["RS256", "ES256", "RS256", "ES256"], ring.Signing.Select(c => c.Algorithm));
        Assert.Equal((second, first), (ring.Signing[0].Kid, ring.Signing[2].Kid));
        await VerifiesAsync(ring, before);

        time.Advance(TimeSpan.FromDays(30));
        await ring.LoadAsync(CancellationToken.None);
        Assert.Equal((2, 1), (ring.Published.Count, ring.Encryption.Count));
        Assert.Equal(3, await database.ReadAsync(db => db.Set<StoredKey>().CountAsync()));
        Assert.DoesNotContain(first, ring.Published.Select(k => k.KeyId));
        await VerifiesAsync(other, Sign(ring, "RS256"));
    }

    [Fact]
    public async Task Nodes_that_rotate_at_once_make_one_successor()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (one, other) = (await RingAsync(database, time), await RingAsync(database, time));
        // Long overdue, so that each would choose a moment of its own.
        time.Advance(TimeSpan.FromDays(100));
        await using var db = database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Lock<StoredKey>(RowLock.Change, "algorithm = {0}", "RS256").ToListAsync();

        var first = one.LoadAsync(CancellationToken.None);
        await WaitingAsync(database, 1);
        time.Advance(TimeSpan.FromMinutes(1));
        var second = other.LoadAsync(CancellationToken.None);
        await WaitingAsync(database, 2);
        await transaction.RollbackAsync();
        await Task.WhenAll(first, second);

        Assert.Equal(6, await database.ReadAsync(db => db.Set<StoredKey>().CountAsync()));
        Assert.Equal(Names(one), Names(other));
    }

    [Fact]
    public async Task A_running_node_learns_of_new_keys_by_itself()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var app = Node(database, time, Secret);
        var ring = app.Services.GetRequiredService<KeyRing>();
        await ring.LoadAsync(CancellationToken.None);
        var changed = new TaskCompletionSource();
        ring.Changed += () => changed.TrySetResult();
        var reload = app.Services.GetServices<IHostedService>().OfType<KeyReload>().Single();
        await reload.StartAsync(CancellationToken.None);

        time.Advance(TimeSpan.FromDays(89));
        // The first tick may find the timer not yet set.
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(30));
                return changed.Task.IsCompleted;
            },
            TimeSpan.FromSeconds(20), "the ring has changed");

        Assert.Equal(4, ring.Published.Count);
        await reload.StopAsync(CancellationToken.None);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_one_node_protected_another_unprotects_and_the_database_cannot(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var one = Node(database, TimeProvider.System, Secret);
        await using var other = Node(database, TimeProvider.System, Secret);
        await using var stranger = Node(database, TimeProvider.System, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

        var ticket = Protector(one).Protect("antiforgery");

        Assert.Equal("antiforgery", Protector(other).Unprotect(ticket));
        Assert.ThrowsAny<Exception>(() => Protector(stranger).Unprotect(ticket));
        var xml = Assert.Single(await database.ReadAsync(db => db.DataProtectionKeys.Select(k => k.Xml).Take(1).ToListAsync()))!;
        Assert.Contains("<sealed", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", xml, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_database_holds_no_key_in_the_clear(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var ring = await RingAsync(database);
        var material = new List<byte[]> { ((SymmetricSecurityKey)ring.Encryption[0].Key).Key, ((RsaSecurityKey)ring.Signing[0].Key).Parameters.D! };

        foreach (var stored in await database.ReadAsync(db => db.Set<StoredKey>().ToListAsync()))
        {
            Assert.All(material, secret => Assert.True(stored.Sealed.AsSpan().IndexOf(secret) < 0));
            Assert.DoesNotContain("PRIVATE", Encoding.Latin1.GetString(stored.Sealed), StringComparison.Ordinal);
        }
    }

    // Both have found a rotation due and wait for the rows that the test holds.
    private static Task WaitingAsync(HubDatabase database, int nodes) => Eventually.TrueAsync(
        () => database.ReadAsync(async db => await db.Database.SqlQuery<int>(
            $"""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'""").SingleAsync() == nodes),
        TimeSpan.FromSeconds(20), $"{nodes} wait for the keys");

    private static async Task<KeyRing> RingAsync(HubDatabase database, TimeProvider? time = null, string? secret = null)
    {
        var ring = Node(database, time ?? TimeProvider.System, secret ?? Secret).Services.GetRequiredService<KeyRing>();
        await ring.LoadAsync(CancellationToken.None);
        return ring;
    }

    private static WebApplication Node(HubDatabase database, TimeProvider time, string secret)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Keys:Secret"] = secret });
        builder.Services.AddLogging();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(Options.Create(new HubOptions { DataFolder = database.Folder }));
        database.AddTo(builder.Services);
        builder.AddKeys();
        return builder.Build();
    }

    private static IDataProtector Protector(WebApplication node) => node.Services.GetDataProtector("test");

    private static string Names(KeyRing ring) => string.Join(' ', ring.Published.Select(k => k.KeyId).Concat(ring.Encryption.Select(c => c.Key.KeyId)));

    private static string Sign(KeyRing ring, string algorithm) => Sign(ring.ActiveFor(algorithm));

    private static string Sign(SigningCredentials key) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        new SecurityTokenDescriptor { Issuer = "hub", SigningCredentials = key });

    private static async Task VerifiesAsync(KeyRing ring, string token)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, Parameters(ring));
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    private static TokenValidationParameters Parameters(KeyRing ring, Action<TokenValidationParameters>? change = null)
    {
        var parameters = new TokenValidationParameters { ValidIssuer = "hub", ValidateAudience = false, ValidateLifetime = false, IssuerSigningKeys = ring.Published };
        change?.Invoke(parameters);
        return parameters;
    }
}
