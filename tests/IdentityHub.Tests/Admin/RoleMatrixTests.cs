using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Access;
using IdentityHub.Tests.Account;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>
/// Every address of the running hub below <c>/admin</c> and <c>/api</c>, whoever added it, against every role and none
/// (ASVS 8.2.1): one that does not say which capability it needs is found here.
/// </summary>
public sealed class RoleMatrixTests(RoleMatrixTests.People people) : IClassFixture<RoleMatrixTests.People>
{
    /// <summary>What needs no capability, and why.</summary>
    private static readonly Dictionary<string, string> Open = new()
    {
        ["GET /admin/second-factor"] = "tells administrators what is missing; 404 to everybody else",
        ["GET /admin/invitation"] = "for whoever has the link, who has no role yet",
        ["POST /admin/invitation"] = "the same",
    };

    [Fact]
    public void Every_address_says_which_capability_it_needs()
    {
        var silent = people.Endpoints().Where(e => e.Capability is null).Select(e => e.ToString()).ToList();

        Assert.Equal([], silent.Except(Open.Keys).Where(e => !e.StartsWith("GET /api/v1/openapi", StringComparison.Ordinal)));
        Assert.Equal([], Open.Keys.Except(silent));
        Assert.Contains(people.Endpoints(), e => e.Capability is not null);
    }

    [Fact]
    public async Task Each_role_passes_where_it_has_the_capability_and_nowhere_else()
    {
        List<string> wrong = [];
        foreach (var endpoint in people.Endpoints().Where(e => e.Capability is not null && e.Path.StartsWith("/admin", StringComparison.Ordinal)))
        {
            foreach (var (who, browser, role) in people.All)
            {
                var (status, location) = await browser.AskAsync(endpoint.Method, endpoint.Concrete);
                var ok = role is null
                    ? browser.SessionCookie is null ? (int)status == 303 && location!.StartsWith("/sign-in?return_url=", StringComparison.Ordinal) : status is HttpStatusCode.NotFound
                    : role.Value.Has(endpoint.Capability!.Value) ? Passed(status, location) : status is HttpStatusCode.Forbidden;
                if (!ok)
                {
                    wrong.Add($"{who} {endpoint}: {(int)status} {location}");
                }
            }
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public async Task What_changes_something_needs_a_recent_proof()
    {
        using var old = await AdminVisitor.SignInAsync(people.Hub, AdminRole.Administrator);
        people.Hub.Clock.Move(TimeSpan.FromMinutes(6));
        List<string> wrong = [];
        foreach (var endpoint in people.Endpoints().Where(e => e.Capability?.IsReading() == false && e.Path.StartsWith("/admin", StringComparison.Ordinal)))
        {
            var (status, location) = await old.Browser.AskAsync(endpoint.Method, endpoint.Concrete);
            if ((int)status != 303 || !location!.StartsWith("/confirm-identity?", StringComparison.Ordinal))
            {
                wrong.Add($"{endpoint}: {(int)status} {location}");
            }
        }

        await people.ProveAsync();
        Assert.Equal([], wrong);
    }

    [Fact]
    public async Task A_role_without_a_second_factor_opens_nothing()
    {
        var person = await people.Hub.PersonAsync();
        await AdminVisitor.SetRoleAsync(people.Hub, person, AdminRole.Administrator);
        using var browser = people.Hub.Visitor();
        await browser.SignInAsync(person);

        foreach (var endpoint in people.Endpoints().Where(e => e.Capability is not null && e.Path.StartsWith("/admin", StringComparison.Ordinal)))
        {
            Assert.Equal((HttpStatusCode.SeeOther, "/admin/second-factor"), await browser.AskAsync(endpoint.Method, endpoint.Concrete));
        }

        Assert.Equal(HttpStatusCode.OK, (await browser.AskAsync("GET", "/admin/second-factor")).Status);
        using var nobody = people.Hub.Visitor();
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.AskAsync("GET", "/admin/second-factor")).Status);
    }

    [Fact]
    public async Task The_API_knows_no_cookies()
    {
        foreach (var endpoint in people.Endpoints().Where(e => e.Capability is not null && e.Path.StartsWith("/api", StringComparison.Ordinal)))
        {
            foreach (var (who, browser, _) in people.All)
            {
                var (status, _) = await browser.AskAsync(endpoint.Method, endpoint.Concrete);
                // Whoever asks so often without a token is slowed down as well.
                Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{who} {endpoint}: {(int)status}");
            }
        }
    }

    // What is behind the guard judges what it is asked for: here nothing, about something that does not exist.
    private static bool Passed(HttpStatusCode status, string? location) => status switch
    {
        HttpStatusCode.OK => true,
        HttpStatusCode.SeeOther => !location!.StartsWith("/sign-in", StringComparison.Ordinal) && !location.StartsWith("/confirm-identity", StringComparison.Ordinal) && location != "/admin/second-factor",
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.NotFound => true,
        _ => false,
    };

    /// <summary>One of every kind, on one hub.</summary>
    public sealed class People : IAsyncLifetime
    {
        private readonly List<AdminVisitor> _visitors = [];
        private Visitor _stranger = null!;

        internal StartedHub Hub { get; } = new();

        internal IEnumerable<(string Who, Visitor Browser, AdminRole? Role)> All =>
            [("nobody", _stranger, null), .. _visitors.Zip(Roles, (visitor, role) => (role is null ? "a person" : role.Value.Name(), visitor.Browser, role))];

        private static AdminRole?[] Roles => [null, .. Enum.GetValues<AdminRole>()];

        public async ValueTask InitializeAsync()
        {
            await Hub.InitializeAsync();
            _stranger = Hub.Visitor();
            foreach (var role in Roles)
            {
                _visitors.Add(await AdminVisitor.SignInAsync(Hub, role));
            }

            await ProveAsync();
        }

        internal async Task ProveAsync()
        {
            foreach (var visitor in _visitors)
            {
                await visitor.ProveAsync();
            }
        }

        internal IReadOnlyList<Address> Endpoints() =>
        [
            .. Hub.Endpoints().OfType<RouteEndpoint>()
                .Where(e => e.RoutePattern.RawText is { } path && (IsBelow(path, "/admin") || IsBelow(path, "/api")))
                .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
                    new Address(method, e.RoutePattern.RawText!, e.Metadata.GetMetadata<NeedsCapability>()?.Capability)))
                .OrderBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Method, StringComparer.Ordinal),
        ];

        private static bool IsBelow(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

        public async ValueTask DisposeAsync()
        {
            _visitors.ForEach(visitor => visitor.Dispose());
            _stranger.Dispose();
            await Hub.DisposeAsync();
        }
    }

    internal sealed record Address(string Method, string Path, Capability? Capability)
    {
        /// <summary>With an identifier of nothing in each place for one.</summary>
        public string Concrete => Regex.Replace(Path, @"\{[^}]+\}", "01a00000-0000-7000-8000-000000000000");

        public override string ToString() => $"{Method} {Path}";
    }
}
