using System.Security.Cryptography;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// One hub on one database with five applications: two nodes on PostgreSQL, one on SQLite, which has no more. People
/// and their sessions are written as rows, so that a round costs requests for what it is about and for nothing else.
/// </summary>
internal sealed class RaceHub : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private static readonly string[] OfflineScopes = ["email", "offline_access", "openid", "profile"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<HubProcess> _nodes = [];

    private RaceHub(IReadOnlyList<RelyingPartyStub> applications) => Applications = applications;

    public IReadOnlyList<RelyingPartyStub> Applications { get; }

    public RelyingPartySettings Notes => Applications[0].Settings;

    public RelyingPartySettings Bank => Applications[1].Settings;

    public Uri First => _nodes[0].Address;

    /// <summary>Another node of the same hub where the database allows more than one.</summary>
    public Uri Second => _nodes[^1].Address;

    public InsideHub Inside { get; private set; } = null!;

    public bool OnPostgres { get; private init; }

    /// <summary>Of a password that nobody knows; hashed once, because it costs a tenth of a second.</summary>
    public string OtherPasswordHash { get; private set; } = "";

    private string PasswordHash { get; set; } = "";

    public static async Task<RaceHub> StartAsync(string? postgres, IReadOnlyList<RelyingPartyStub> applications, Uri? rabbitMq = null, int nodes = 2, IReadOnlyDictionary<string, string?>? more = null,
        Func<int, HubSettings, HubSettings>? placed = null)
    {
        var hub = new RaceHub(applications) { OnPostgres = postgres is not null };
        var port = FreePorts.Next();
        var settings = new HubSettings
        {
            Port = port,
            Postgres = postgres,
            RabbitMq = rabbitMq,
            DataFolder = hub._folder.Path,
            RelyingParties = [.. applications.Select(a => a.Settings with { Scopes = ["profile", "email", "offline_access"] })],
            // A round looks at the rows; waiting for the applications' answers in each would only take time.
            More = more ?? new Dictionary<string, string?> { ["BackChannelLogout__LogoutWait"] = "00:00:00" },
        };
        settings = settings with { Issuer = settings.Address };
        try
        {
            placed ??= static (_, same) => same;
            hub._nodes.Add(await HubProcess.StartAsync(placed(0, settings)));
            for (var node = 1; node < nodes && hub.OnPostgres; node++)
            {
                hub._nodes.Add(await HubProcess.StartAsync(placed(node, settings with { Port = FreePorts.Next() })));
            }

            hub.Inside = new InsideHub(settings);
            (hub.PasswordHash, hub.OtherPasswordHash) = (await hub.HashAsync(Password), await hub.HashAsync(RandomNumberGenerator.GetHexString(32)));
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    public HubProcess Node(int index) => _nodes[index];

    /// <summary>People with one live session each, at no application yet.</summary>
    public async Task<IReadOnlyList<Guest>> GuestsAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        List<Guest> guests = [];
        List<object> rows = [];
        for (var number = 0; number < count; number++)
        {
            var person = Person(now, PasswordHash);
            var (cookie, browser) = (SessionCookie.NewValue(), new HubDriver(First));
            browser.Cookies.Set("hub", cookie);
            var session = Session(now, person.Id, cookie);
            guests.Add(new Guest(person.Id, session.Id, session.Sid, person.Email!, browser));
            rows.AddRange([person, session, .. Applications.Select(a => Allowed(now, person.Id, a.Settings.ClientId))]);
        }

        await Inside.AddAsync(rows);
        return guests;
    }

    /// <summary>What must not have happened in the nodes, whatever the clients were answered.</summary>
    public async Task AssertUnharmedAsync()
    {
        foreach (var node in _nodes)
        {
            var failures = node.Output.Split('\n').Where(line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal)).ToList();
            if (failures.Count > 0)
            {
                throw new InvalidOperationException($"A node logged {failures.Count} failures, the first in {string.Join(", ", failures.Distinct().Take(3))}:\n{node.Output[node.Output.IndexOf(failures[0], StringComparison.Ordinal)..][..2000]}");
            }
        }

        var deadlocks = OnPostgres ? await Inside.AskAsync(db => db.Database.SqlQuery<long>($"SELECT deadlocks AS \"Value\" FROM pg_stat_database WHERE datname = current_database()").SingleAsync()) : 0;
        if (deadlocks > 0)
        {
            throw new InvalidOperationException($"PostgreSQL had to break {deadlocks} deadlocks.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Inside is not null)
        {
            await Inside.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<string> HashAsync(string password) =>
        Inside.ActAsync(services => Task.FromResult(services.GetRequiredService<IPasswordHasher<User>>().HashPassword(new User(), password)));

    internal static User Person(DateTimeOffset now, string password)
    {
        var id = Guid.CreateVersion7(now);
        var email = $"{id:N}@example.com";
        return new User
        {
            Id = id,
            UserName = email,
            NormalizedUserName = email.ToUpperInvariant(),
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            EmailConfirmed = true,
            PasswordHash = password,
            SecurityStamp = $"{id:N}",
            DisplayName = "A guest",
            CreatedAt = now,
        };
    }

    internal static UserSession Session(DateTimeOffset now, Guid userId, string cookie) => new()
    {
        Id = Guid.CreateVersion7(now),
        Sid = SessionCookie.NewSid(),
        CookieHash = SessionCookie.Hash(cookie)!,
        UserId = userId,
        CreatedAt = now,
        AuthenticatedAt = now,
        Amr = "pwd",
        LastSeenAt = now,
        ExpiresAt = now.AddHours(1),
        AbsoluteExpiresAt = now.AddHours(24),
        IdleTimeout = TimeSpan.FromHours(1),
        AbsoluteTimeout = TimeSpan.FromHours(24),
        Remembered = false,
    };

    private static Consent Allowed(DateTimeOffset now, Guid userId, string clientId) =>
        new() { UserId = userId, ClientId = clientId, Scopes = string.Join(' ', OfflineScopes), GrantedAt = now };
}
