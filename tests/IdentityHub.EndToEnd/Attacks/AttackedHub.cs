using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// One hub on its embedded defaults with a relying party of every kind, for everything that can be tried on it over
/// HTTP. The tests share it and nothing else: each has people of its own.
/// </summary>
public sealed class AttackedHub : IAsyncLifetime
{
    internal static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private const string Script = "<script>alert('name')</script>";

    private readonly TemporaryFolder _folder = new();
    private readonly List<RelyingPartyStub> _stubs = [];
    private string? _password;

    internal HubProcess Hub { get; private set; } = null!;

    internal Uri Address => Hub.Address;

    /// <summary>The hub's own services on the hub's database.</summary>
    internal InsideHub Inside { get; private set; } = null!;

    /// <summary>Confidential, PKCE, told by <c>sid</c>: all defaults.</summary>
    internal RelyingPartyStub Notes => _stubs[0];

    internal RelyingPartyStub Bank => _stubs[1];

    /// <summary>Signed for with ES256.</summary>
    internal RelyingPartyStub Elliptic => _stubs[2];

    /// <summary>Told by <c>sid</c> and <c>sub</c>, at an address with a query.</summary>
    internal RelyingPartyStub Both => _stubs[3];

    /// <summary>Told by <c>sub</c> alone.</summary>
    internal RelyingPartyStub Subject => _stubs[4];

    /// <summary>As the OpenID Foundation's suite registers itself: no PKCE, two redirect URIs, every scope.</summary>
    internal RelyingPartySettings Certified { get; private set; } = null!;

    /// <summary>The second redirect URI of <see cref="Certified"/>.</summary>
    internal Uri SecondRedirectUri { get; private set; } = null!;

    /// <summary>A public client on a phone.</summary>
    internal RelyingPartySettings Native { get; } = new("native", new Uri("com.example.native:/callback"))
    {
        ClientSecret = null,
        PostLogoutRedirectUris = [new Uri("com.example.native:/signed-out")],
    };

    /// <summary>Asks the person for permission, and is called by a script.</summary>
    internal RelyingPartySettings Asking { get; private set; } = null!;

    /// <summary>Cannot be called, and is told in the browser.</summary>
    internal RelyingPartySettings Framed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "notes", "bank", "elliptic", "both", "subject" })
        {
            _stubs.Add(await RelyingPartyStub.StartAsync(name));
        }

        SecondRedirectUri = new Uri(Notes.Address, "/certified/callback2");
        Certified = new RelyingPartySettings("certified", new Uri(Notes.Address, "/certified/callback"))
        {
            RequirePkce = false,
            PostLogoutRedirectUris = [new Uri(Notes.Address, "/certified/signed-out")],
            Scopes = ["profile", "email", "address", "phone", "offline_access"],
        };
        Asking = new RelyingPartySettings("asking", new Uri(Notes.Address, "/asking/callback")) { RequireConsent = true };
        Framed = new RelyingPartySettings("framed", new Uri(Notes.Address, "/framed/callback"))
        {
            FrontChannelLogoutUri = new Uri(Notes.Address, "/framed/front?tenant=1"),
            PostLogoutRedirectUris = [new Uri(Notes.Address, "/framed/signed-out")],
        };
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = _folder.Path,
            RelyingParties =
            [
                Certified, Asking, Native, Framed, Notes.Settings, Bank.Settings,
                Elliptic.Settings with { IdTokenSignedResponseAlg = "ES256" },
                Both.Settings with { LogoutTokenSubject = "SidAndSub", BackChannelLogoutUri = new Uri(Both.Address, "/back-channel-logout?tenant=a%20b&x=1") },
                Subject.Settings with { LogoutTokenSubject = "Sub" },
            ],
            More = new Dictionary<string, string?>
            {
                ["RelyingParties__0__RedirectUris__1"] = SecondRedirectUri.AbsoluteUri,
                ["RelyingParties__0__PostLogoutRedirectUris__1"] = new Uri(Notes.Address, "/certified/signed-out?second=1").AbsoluteUri,
                ["RelyingParties__1__DisplayName"] = Script,
            },
        };
        Hub = await HubProcess.StartAsync(settings);
        Inside = new InsideHub(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await (Inside?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var stub in _stubs)
        {
            await stub.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    /// <summary>A new person, signed in at the hub and nowhere else. Written as rows: what a password costs is not what is tried here.</summary>
    internal async Task<Visitor> VisitorAsync()
    {
        _password ??= await Inside.ActAsync(services => Task.FromResult(services.GetRequiredService<IPasswordHasher<User>>().HashPassword(new User(), RaceHub.Password)));
        var (now, cookie, cookies) = (TimeProvider.System.GetUtcNow(), SessionCookie.NewValue(), new CookieJar());
        var user = RaceHub.Person(now, _password);
        cookies.Set("hub", cookie);
        await Inside.AddAsync([user, RaceHub.Session(now, user.Id, cookie)]);
        return new Visitor(new Person(user.DisplayName, user.Email!, RaceHub.Password), new HubDriver(Address, cookies), new Wire(Address, cookies));
    }

    /// <summary>Somebody who is not signed in.</summary>
    internal Wire Stranger() => new(Address);
}

[CollectionDefinition(nameof(AttackedHub))]
public sealed class AttacksShareAHub : ICollectionFixture<AttackedHub>;
