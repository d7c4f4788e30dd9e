using IdentityHub.Data;
using IdentityHub.Factors;
using IdentityHub.Keys;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Factors;

public sealed class AuthenticatorsTests(SharedServers servers)
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    private long Now => Totp.StepAt(_time.GetUtcNow());

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_step_is_taken_once_and_none_before_it(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var ada = await WithAuthenticatorAsync(database, lastStep: Now - 1);

        Assert.False(await UseAsync(database, ada, Now - 1), "The code that turned it on signs nobody in.");
        Assert.True(await UseAsync(database, ada, Now));
        Assert.False(await UseAsync(database, ada, Now));
        Assert.True(await UseAsync(database, ada, Now + 1), "A clock that is ahead by one step.");
        Assert.False(await UseAsync(database, ada, Now));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(await UseAsync(database, ada, Now));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Of_many_at_the_same_instant_one_is_taken(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var ada = await WithAuthenticatorAsync(database, lastStep: Now - 1);

        var taken = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => UseAsync(database, ada, Now))));

        Assert.Single(taken, t => t);
    }

    [Fact]
    public async Task The_database_does_not_know_the_secret_and_another_persons_row_does_not_open()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var (ada, bob) = (await WithAuthenticatorAsync(database, Now - 1), await WithAuthenticatorAsync(database, Now - 1));
        var row = await database.ReadAsync(db => db.Set<Authenticator>().AsNoTracking().SingleAsync(a => a.UserId == ada));
        Assert.Equal(-1, row.SealedSecret.AsSpan().IndexOf(Secret.AsSpan(0, 8)));
        await database.ReadAsync(db => db.Set<Authenticator>().Where(a => a.UserId == bob).ExecuteUpdateAsync(a => a.SetProperty(x => x.SealedSecret, row.SealedSecret)));

        await Assert.ThrowsAsync<SettingException>(() => UseAsync(database, bob, Now));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_recovery_code_is_taken_once_also_in_parallel_and_the_rest_are_left(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (ada, bob) = (await PersonAsync(database), await PersonAsync(database));
        var codes = await database.ReadAsync(db => new RecoveryCodes(db, _time).RenewAsync(ada));
        await database.ReadAsync(db => new RecoveryCodes(db, _time).RenewAsync(bob));

        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$", code));
        Assert.False(await RecoverAsync(database, bob, codes[0]), "Somebody else's.");
        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => RecoverAsync(database, ada, codes[0]))));
        Assert.Single(taken, t => t);
        Assert.False(await RecoverAsync(database, ada, codes[0]));
        Assert.True(await RecoverAsync(database, ada, $" {codes[1].Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()} "));
        Assert.Equal(8, await database.ReadAsync(db => new RecoveryCodes(db, _time).LeftAsync(ada, default)));
        var stored = await database.ReadAsync(db => db.Set<RecoveryCode>().AsNoTracking().ToListAsync());
        Assert.DoesNotContain(stored, row => codes.Any(code => row.Hash.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(code[..5])) >= 0));
    }

    [Fact]
    public async Task New_recovery_codes_take_the_place_of_the_old_ones()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var ada = await PersonAsync(database);
        var old = await database.ReadAsync(db => new RecoveryCodes(db, _time).RenewAsync(ada));

        var renewed = await database.ReadAsync(db => new RecoveryCodes(db, _time).RenewAsync(ada));

        Assert.False(await RecoverAsync(database, ada, old[0]));
        Assert.True(await RecoverAsync(database, ada, renewed[0]));
    }

    private async Task<Guid> WithAuthenticatorAsync(HubDatabase database, long lastStep)
    {
        var user = await PersonAsync(database);
        await using var db = database.Open();
        await Of(database, db).ReplaceAsync(user, Secret, lastStep);
        return user;
    }

    private static async Task<Guid> PersonAsync(HubDatabase database)
    {
        var user = new User { Id = Guid.CreateVersion7(), DisplayName = "Ada" };
        await database.AddAsync(user);
        return user.Id;
    }

    private async Task<bool> UseAsync(HubDatabase database, Guid user, long step)
    {
        await using var db = database.Open();
        return await Of(database, db).UseAsync(user, Totp.Code(Secret, step));
    }

    private async Task<bool> RecoverAsync(HubDatabase database, Guid user, string code)
    {
        await using var db = database.Open();
        return await new RecoveryCodes(db, _time).UseAsync(user, code);
    }

    private Authenticators Of(HubDatabase database, HubDb db) =>
        new(db, new KeySeal(new InstallationSecret(Options.Create(new KeyOptions()), Options.Create(new HubOptions { DataFolder = database.Folder }))), _time);
}
