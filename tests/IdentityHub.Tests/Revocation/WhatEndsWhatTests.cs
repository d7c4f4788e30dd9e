using System.Security.Cryptography;
using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Contracts;
using IdentityHub.Data;
using IdentityHub.Devices;
using IdentityHub.Mail;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Mail;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Revocation;

/// <summary>
/// Every reason and everything it does, as a table of its own (specs.md §3.4), against both databases. Ada is signed in
/// twice: at <c>a</c>, where she acts, with Notes and an application that cannot be told, and at <c>b</c> with Notes and
/// Bank. In each session an application holds an access token, a refresh token that is bound to the session, and one
/// with <c>offline_access</c>. Bob is signed in as well, and nothing may ever happen to him.
/// </summary>
public sealed class WhatEndsWhatTests(SharedServers servers)
{
    private const string OfA = "access a, bound a";
    private const string OfB = "access b, bound b";
    private const string OfBoth = "access a, access b, bound a, bound b";
    private const string Everything = "access a, access b, bound a, bound b, offline a, offline b";

    private static readonly Row[] Table =
    [
        new(RevocationReason.SignedOut, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.SessionEnded, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.ReplacedBySignIn, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.IdleTimeout, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.AbsoluteTimeout, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.SessionLimit, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.ApplicationWithdrawn, "", "access a, bound a, offline a", "notes a, notes b", Mail: false),
        new(RevocationReason.SessionRevokedByAdministrator, "a", OfA, "notes a", Mail: false),
        new(RevocationReason.SignedOutOthers, "b", OfB, "bank b, notes b", Mail: false),
        new(RevocationReason.SignedOutEverywhere, "a, b", OfBoth, "bank b, notes a, notes b", Mail: false),
        new(RevocationReason.PasswordChanged, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.EmailChanged, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.SecondFactorEnabled, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.SecondFactorDisabled, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.SecondFactorChanged, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.PasskeyAdded, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.PasskeyRemoved, "b", Everything, "bank b, notes b", Mail: true),
        new(RevocationReason.PasswordReset, "a, b", Everything, "bank b, notes a, notes b", Mail: true),
        new(RevocationReason.ReportedByPerson, "a, b", Everything, "bank b, notes a, notes b", Mail: true),
        new(RevocationReason.RevokedByAdministrator, "a, b", Everything, "bank b, notes a, notes b", Mail: false),
        new(RevocationReason.NewPasswordRequired, "a, b", Everything, "bank b, notes a, notes b", Mail: true),
        new(RevocationReason.AccountDisabled, "a, b", Everything, "bank b, notes a, notes b", Mail: false),
        new(RevocationReason.AccountClosed, "a, b", Everything, "bank b, notes a, notes b", Mail: true),
        new(RevocationReason.EveryoneRevoked, "a, b", Everything, "bank b, notes a, notes b", Mail: false),
        // Of Bank, which holds the grants of b; the long-lived one too, although its session would not take it along.
        new(RevocationReason.RelyingPartyRevoked, "b", $"{OfB}, offline b", "bank b, notes b", Mail: false),
    ];

    public static TheoryData<string, string> Cases => [.. HubDatabase.Providers.SelectMany(p => Table.Select(row => (p, row.Reason.ToString())))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_reason_ends_exactly_what_the_table_says(string provider, string reason)
    {
        var row = Table.Single(r => r.Reason.ToString() == reason);
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var scene = await Scene.SetAsync(database);

        var ended = await scene.ActAsync(row.Reason, scene.A.Id);

        Assert.Equal(row.Sessions, await scene.EndedSessionsAsync());
        Assert.Equal(row.Tokens, await scene.RevokedTokensAsync());
        Assert.Equal(row.Told, await scene.ToldAsync());
        Assert.Equal(row.Mail, RevocationPolicy.For(row.Reason).Mail);
        Assert.Equal(row.Mail ? [$"{row.Reason} to ada@example.com"] : [], await scene.MailedAsync());
        Assert.Equal(row.Tokens == Everything ? [] : [LinkPurpose.ConfirmNewAddress, LinkPurpose.ResetPassword], await scene.OldLinksAsync());
        Assert.Equal(row.Tokens == Everything ? ["bob"] : ["ada", "bob"], await scene.TrustedDevicesAsync());
        Assert.Equal(row.Sessions, await scene.AuditedAsync(row.Reason));
        Assert.Equal(row.Sessions, await scene.AnnouncedAsync(row.Reason));
        var record = await database.ReadAsync(db => db.Set<RevocationRecord>().SingleAsync());
        Assert.Equal((row.Reason, scene.Ada.Id, ended.Sessions, ended.RelyingParties), (record.Reason, record.UserId, record.Sessions, record.RelyingParties));
        Assert.Equal(row.Told.Split(", ").Length, ended.RelyingParties);
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task A_person_may_end_the_present_session_with_the_others(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var scene = await Scene.SetAsync(database);

        await scene.ActAsync(RevocationReason.PasswordChanged, null);

        Assert.Equal("a, b", await scene.EndedSessionsAsync());
        Assert.Equal(Everything, await scene.RevokedTokensAsync());
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task The_end_of_long_lived_grants_alone_is_recorded_and_announced(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var scene = await Scene.SetAsync(database);
        await scene.ActAsync(RevocationReason.SignedOutEverywhere, null);
        await database.ReadAsync(db => db.Set<OutboxMessage>().ExecuteDeleteAsync());

        await scene.ActAsync(RevocationReason.RevokedByAdministrator, null);

        Assert.Equal("", await scene.AnnouncedAsync(RevocationReason.RevokedByAdministrator));
        var entry = await database.ReadAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == "grants_revoked"));
        Assert.Equal((scene.Ada.Id, """{"reason":"revoked_by_administrator"}"""), (entry.UserId, entry.Details));
        Assert.Equal(Everything, await scene.RevokedTokensAsync());

        await database.ReadAsync(db => db.Set<OutboxMessage>().ExecuteDeleteAsync());
        await scene.ActAsync(RevocationReason.RevokedByAdministrator, null);
        Assert.Equal(0, await database.ReadAsync(db => db.Set<OutboxMessage>().CountAsync()));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task An_act_that_refuses_leaves_nothing_of_itself(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var scene = await Scene.SetAsync(database);

        Assert.Equal(Ended.Nothing, await scene.RefuseAsync());

        Assert.Equal("", await scene.EndedSessionsAsync());
        Assert.NotEqual("changed", await database.ReadAsync(db => db.Users.Where(u => u.Id == scene.Ada.Id).Select(u => u.DisplayName).SingleAsync()));
    }

    /// <summary>Among twenty thousand who stay signed in: an act that read what is theirs would take minutes among millions.</summary>
    [Fact]
    public async Task No_reason_reads_what_belongs_to_others()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var scene = await Scene.SetAsync(database);
        await using var db = database.Open();
        await db.Database.ExecuteSqlRawAsync(
            """
            SET session_replication_role = replica;
            INSERT INTO user_sessions (id, sid, cookie_hash, user_id, created_at, authenticated_at, amr, last_seen_at, expires_at, absolute_expires_at,
                idle_timeout, absolute_timeout, remembered)
            SELECT gen_random_uuid(), 'sid-' || n, sha256(n::text::bytea), gen_random_uuid(), now(), now(), 'pwd', now(), now(), now(), 1, 1, false
            FROM generate_series(1, 20000) n;
            INSERT INTO session_participants (session_id, client_id, first_seen_at, last_code_at) SELECT id, 'notes', now(), now() FROM user_sessions WHERE sid LIKE 'sid-%';
            INSERT INTO grants (id, application_id, subject, status, session_id, offline, creation_date)
            SELECT sid, 'notes', user_id, 'valid', id, false, now() FROM user_sessions WHERE sid LIKE 'sid-%';
            INSERT INTO issued_tokens (id, application_id, authorization_id, subject, status, session_id) SELECT id, 'notes', id, subject, status, session_id FROM grants WHERE id LIKE 'sid-%';
            SET session_replication_role = DEFAULT;
            ANALYZE
            """);

        Dictionary<RevocationReason, long> read = [];
        foreach (var reason in Enum.GetValues<RevocationReason>())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var before = await ReadAsync(db);
            await scene.ActAsync(reason, scene.A.Id, db);
            read[reason] = await ReadAsync(db) - before;
            await transaction.RollbackAsync();
            db.ChangeTracker.Clear();
        }

        Assert.All(read, r => Assert.InRange(r.Value, 1, 1000));

        // Rows that scans of tables returned, and entries that scans of indexes did.
        static Task<long> ReadAsync(HubDb db) => db.Database.SqlQuery<long>(
            $"SELECT sum(pg_stat_get_xact_tuples_returned(oid))::bigint AS \"Value\" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')").SingleAsync();
    }

    [Fact]
    public void No_reason_is_missing_from_the_table() =>
        Assert.Equal(Enum.GetValues<RevocationReason>().Order(), Table.Select(row => row.Reason).Order());

    [Fact]
    public void The_documentation_says_the_same()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "what-ends-what.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(Table.Select(Documented).Order(StringComparer.Ordinal), lines.Select(line => string.Join('|', line.Split('|')[..^2]) + "|").Order(StringComparer.Ordinal));
    }

    private static string Documented(Row row)
    {
        var (sessions, tokens) = row.Reason switch
        {
            RevocationReason.EveryoneRevoked => ("all from before", "all from before, `offline_access` too"),
            RevocationReason.RelyingPartyRevoked => ("all with the application", "of the ended sessions; the application's all, `offline_access` too"),
            RevocationReason.ApplicationWithdrawn => ("none", "of that application, `offline_access` too"),
            _ => (
                row.Sessions switch { "a" => "this one", "b" => "all others", _ => "all" },
                row.Tokens == Everything ? "all, `offline_access` too" : "of the ended sessions"),
        };
        return $"| `{row.Reason.Wire()}` | {sessions} | {tokens} |";
    }

    private sealed record Row(RevocationReason Reason, string Sessions, string Tokens, string Told, bool Mail);

    private sealed class Scene(HubDatabase database, User ada, UserSession a, UserSession b) : IAsyncDisposable
    {
        private readonly MailNode _mail = MailNode.Idle(database);

        public User Ada => ada;

        public UserSession A => a;

        private UserSession B => b;

        public static async Task<Scene> SetAsync(HubDatabase database)
        {
            var (ada, bob) = (new Situation(database), new Situation(database));
            (ada.Person.Email, bob.Person.Email) = ("ada@example.com", "bob@example.com");
            await ada.RelyingPartyAsync("notes", new Uri("http://127.0.0.1:1/logout"), r => r.Id = "notes");
            await ada.RelyingPartyAsync("bank", new Uri("http://127.0.0.1:1/logout"), r => r.Id = "bank");
            await ada.RelyingPartyAsync("mute", null, r => r.Id = "mute");
            var scene = new Scene(database, ada.Person, await ada.SessionAsync("notes", "mute"), await ada.SessionAsync("notes", "bank"));
            var bobs = await bob.SessionAsync("notes", "bank");
            await scene.AskForLinksAsync(ada.Person, bob.Person);
            await database.AddAsync(Trusted(ada.Person), Trusted(bob.Person));
            await database.AddAsync(
            [
                .. Tokens("a", ada.Person, scene.A), .. Tokens("b", ada.Person, scene.B), .. Tokens("of bob", bob.Person, bobs),
            ]);
            return scene;
        }

        /// <summary>A change that writes and then thinks better of it.</summary>
        public async Task<Ended> RefuseAsync()
        {
            await using var db = database.Open();
            return await Revoker(db, Deliveries(db)).EndPersonAsync(ada.Id, a.Id, RevocationReason.PasswordChanged, Initiator.System, async () =>
            {
                await db.Users.Where(u => u.Id == ada.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.DisplayName, "changed"));
                return false;
            });
        }

        public async Task<Ended> ActAsync(RevocationReason reason, Guid? present)
        {
            await using var db = database.Open();
            return await ActAsync(reason, present, db);
        }

        public async Task<Ended> ActAsync(RevocationReason reason, Guid? present, HubDb db)
        {
            var (time, deliveries) = (TimeProvider.System, Deliveries(db));
            var revoker = Revoker(db, deliveries);
            return RevocationPolicy.For(reason).Sessions switch
            {
                SessionsEnded.ThisOne => await revoker.EndSessionAsync(a.Id, reason, Initiator.System),
                SessionsEnded.None => await new Withdrawal(db, deliveries, new Outbox(time), new OutboxSignal(time), new AuditTrail(time), time)
                    .WithdrawAsync(ada.Id, a.Id, "notes", Initiator.System),
                SessionsEnded.OfMany => await EndOfManyAsync(db, revoker, reason, time.GetUtcNow()),
                _ => await revoker.EndPersonAsync(ada.Id, present, reason, Initiator.System),
            };
        }

        private static LogoutDeliveries Deliveries(HubDb db) =>
            new(db, new FirstAttempts(TimeProvider.System), Options.Create(new BackChannelLogoutOptions()), TimeProvider.System);

        private SessionRevoker Revoker(HubDb db, LogoutDeliveries deliveries)
        {
            var time = TimeProvider.System;
            return new(db, deliveries, new Outbox(time), new OutboxSignal(time), new FeedSignal(time), new Notices(_mail.Queue, _mail.Links), new AuditTrail(time), time);
        }

        /// <summary>The chunk that has Ada's sessions in it; of the application Bank, the one that Bank takes part in.</summary>
        private async Task<Ended> EndOfManyAsync(HubDb db, SessionRevoker revoker, RevocationReason reason, DateTimeOffset now)
        {
            var everyone = reason is RevocationReason.EveryoneRevoked;
            var mass = new MassRevocation
            {
                Id = Guid.CreateVersion7(now), Reason = reason, Before = now, ClientId = everyone ? null : "bank", Initiator = Initiator.System.Name, StartedAt = now, Expected = 0,
            };
            var ended = await db.InTransactionAsync(() => revoker.EndOfManyAsync(mass, everyone ? [a.Id, b.Id] : [b.Id]));
            return new Ended(Guid.Empty, ended.Sessions, ended.Deliveries);
        }

        /// <summary>Each waiting mail by its kind and whom it goes to.</summary>
        public async Task<IReadOnlyList<string>> MailedAsync() =>
            [.. (await _mail.RowsAsync()).Select(m => $"{m.Kind} to {_mail.Open(m).Recipient}")];

        /// <summary>The purposes of those of Ada's links that can still be followed and that she had asked for before the act.</summary>
        public Task<List<LinkPurpose>> OldLinksAsync() => database.ReadAsync(db => db.Set<MailedLink>()
            .Where(l => l.UserId == ada.Id && l.Data == "before").Select(l => l.Purpose).OrderBy(p => p).ToListAsync());

        /// <summary>Whose browser still skips the second factor.</summary>
        public async Task<IReadOnlyList<string>> TrustedDevicesAsync()
        {
            var trusting = await database.ReadAsync(db => db.Set<KnownDevice>().Where(d => d.TrustedUntil != null).Select(d => d.UserId).ToListAsync());
            return [.. trusting.Select(user => user == ada.Id ? "ada" : "bob").Order(StringComparer.Ordinal)];
        }

        public ValueTask DisposeAsync() => _mail.DisposeAsync();

        private async Task AskForLinksAsync(params User[] people)
        {
            await using var db = database.Open();
            foreach (var person in people)
            {
                await _mail.Links.IssueAsync(db, LinkPurpose.ResetPassword, person.Id, "before");
                await _mail.Links.IssueAsync(db, LinkPurpose.ConfirmNewAddress, person.Id, "before");
            }

            await db.SaveChangesAsync();
        }

        public async Task<string> EndedSessionsAsync() =>
            Names(await database.ReadAsync(db => db.Set<UserSession>().Where(s => s.EndedAt != null).Select(s => s.Id).ToListAsync()));

        public async Task<string> RevokedTokensAsync()
        {
            var (tokens, grants) = (
                await database.ReadAsync(db => db.Set<IssuedToken>().Where(t => t.Status == "revoked").Select(t => t.Id!).ToListAsync()),
                await database.ReadAsync(db => db.Set<Grant>().Where(g => g.Status == "revoked").Select(g => g.Id!).ToListAsync()));
            // A refresh token dies with its grant: else the next rotation would bring it back.
            Assert.Equal(tokens.Where(t => !t.StartsWith("access", StringComparison.Ordinal)).Order(), grants.Order());
            return Join(tokens);
        }

        public async Task<string> ToldAsync() =>
            Join((await database.ReadAsync(db => db.Set<LogoutDelivery>().ToListAsync())).Select(d => $"{d.ClientId} {Name(d.SessionId)}"));

        public async Task<string> AuditedAsync(RevocationReason reason)
        {
            var entries = await database.ReadAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "session_ended").ToListAsync());
            Assert.All(entries, e => Assert.Equal((ada.Id, "system", $$"""{"reason":"{{reason.Wire()}}"}"""), (e.UserId, e.Actor, e.Details)));
            return Names(entries.Select(e => e.SessionId!.Value));
        }

        public async Task<string> AnnouncedAsync(RevocationReason reason)
        {
            var row = await database.ReadAsync(db => db.Set<OutboxMessage>().SingleAsync());
            var message = JsonSerializer.Deserialize<SessionsRevoked>(row.Body, JsonSerializerOptions.Web)!;
            Assert.Equal((reason.Wire(), ada.Id.ToString()), (message.Reason, message.Subject));
            return Names(message.Sids.Select(sid => sid == a.Sid ? a.Id : sid == b.Sid ? b.Id : Guid.Empty));
        }

        private string Names(IEnumerable<Guid> sessions) => Join(sessions.Select(Name));

        private string Name(Guid session) => session == a.Id ? "a" : session == b.Id ? "b" : "somebody else's";

        private static string Join(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

        private static KnownDevice Trusted(User person)
        {
            var now = TimeProvider.System.GetUtcNow();
            return new()
            {
                Id = Guid.CreateVersion7(),
                UserId = person.Id,
                CookieHash = SHA256.HashData(person.Id.ToByteArray()),
                CreatedAt = now,
                LastUsedAt = now,
                TrustedUntil = now.AddDays(30),
            };
        }

        private static IEnumerable<object> Tokens(string name, User person, UserSession session)
        {
            var (bound, offline) = (Grant($"bound {name}", person, session, false), Grant($"offline {name}", person, session, true));
            return [bound, offline, Token($"access {name}", bound), Token($"bound {name}", bound), Token($"offline {name}", offline)];
        }

        private static Grant Grant(string id, User person, UserSession session, bool offline) =>
            new()
            {
                Id = id,
                Subject = person.Subject,
                Status = "valid",
                SessionId = session.Id,
                Offline = offline,
                CreationDate = session.CreatedAt.UtcDateTime,
                ApplicationId = id.EndsWith(" b", StringComparison.Ordinal) ? "bank" : "notes",
            };

        private static IssuedToken Token(string id, Grant grant) =>
            new() { Id = id, Subject = grant.Subject, Status = "valid", SessionId = grant.SessionId, ApplicationId = grant.ApplicationId, Authorization = grant };
    }
}
