using IdentityHub.Protocol;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Protocol;

/// <summary>The guarded write against a registration that goes away between its look-up and the write.</summary>
public sealed class IssuanceTests(SharedServers servers)
{
    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task What_is_issued_under_a_registration_is_written(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var session = await SceneAsync(database);

        Assert.Equal(IssuanceResult.Recorded, await WriteAsync(database, session));
        Assert.Equal(1, await database.ReadAsync(db => db.Set<IssuedToken>().CountAsync()));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task Nothing_is_issued_under_a_registration_that_is_gone(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var session = await SceneAsync(database);
        await database.ReadAsync(db => db.Set<RelyingParty>().ExecuteDeleteAsync());

        Assert.Equal(IssuanceResult.Refused, await WriteAsync(database, session));

        Assert.Equal(0, await database.ReadAsync(db => db.Set<IssuedToken>().CountAsync()));
        Assert.Equal(0, await database.ReadAsync(db => db.Set<SessionParticipant>().CountAsync()));
    }

    [Fact]
    public async Task A_write_that_meets_the_deletion_waits_for_it_and_is_refused()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var session = await SceneAsync(database);
        await using var deleting = database.Open();
        await using var transaction = await deleting.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await deleting.Set<RelyingParty>().ExecuteDeleteAsync(TestContext.Current.CancellationToken);

        var write = WriteAsync(database, session);
        await Eventually.TrueAsync(() => WaitsAsync(database), TimeSpan.FromSeconds(20), "the write waits for the deletion");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(IssuanceResult.Refused, await write);
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task What_rests_on_a_permission_is_written_while_it_stands_and_its_use_with_it(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var session = await SceneAsync(database);
        await database.AddAsync(Permission(session));

        Assert.Equal(IssuanceResult.Recorded, await WriteAsync(database, session, byConsent: true));

        Assert.NotNull((await database.ReadAsync(db => db.Set<Consent>().SingleAsync())).LastUsedAt);
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task Nothing_is_issued_on_a_permission_that_was_withdrawn(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var session = await SceneAsync(database);

        Assert.Equal(IssuanceResult.Refused, await WriteAsync(database, session, byConsent: true));

        Assert.Equal(0, await database.ReadAsync(db => db.Set<IssuedToken>().CountAsync()));
        Assert.Equal(0, await database.ReadAsync(db => db.Set<SessionParticipant>().CountAsync()));
    }

    [Fact]
    public async Task A_write_that_meets_the_withdrawal_waits_for_it_and_is_refused()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var session = await SceneAsync(database);
        await database.AddAsync(Permission(session));
        await using var withdrawing = database.Open();
        await using var transaction = await withdrawing.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await withdrawing.Set<Consent>().ExecuteDeleteAsync(TestContext.Current.CancellationToken);

        var write = WriteAsync(database, session, byConsent: true);
        await Eventually.TrueAsync(() => WaitsAsync(database), TimeSpan.FromSeconds(20), "the write waits for the withdrawal");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(IssuanceResult.Refused, await write);
    }

    private static Consent Permission(UserSession session) => new() { UserId = session.UserId, ClientId = "notes", Scopes = "openid", GrantedAt = session.CreatedAt };

    private static async Task<UserSession> SceneAsync(HubDatabase database)
    {
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("notes", null, r => r.Id = "notes");
        return await situation.SessionAsync();
    }

    private static async Task<IssuanceResult> WriteAsync(HubDatabase database, UserSession session, bool byConsent = false)
    {
        await using var db = database.Open();
        var issuance = new Issuance { LiveSessionId = session.Id, SessionId = session.Id, ParticipantClientId = "notes", ConsentUserId = byConsent ? session.UserId : null };
        issuance.Tokens.Add(new IssuedToken { Id = "token", ApplicationId = "notes", Status = "valid", Type = "authorization_code" });
        return await new IssuanceWriter(db, TimeProvider.System).WriteAsync(issuance);
    }

    private static async Task<bool> WaitsAsync(HubDatabase database) =>
        (await database.ReadAsync(db => db.Database.SqlQueryRaw<int>("""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'""").ToListAsync()))[0] > 0;
}
