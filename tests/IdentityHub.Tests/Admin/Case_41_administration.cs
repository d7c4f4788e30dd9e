using System.Net;
using System.Text.Json;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Administration;
using IdentityHub.Tests.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Admin;

/// <summary>
/// Attack case 41, in the administration: whatever others chose or an answer said (names, addresses, browsers, identifiers
/// of applications, actors, particulars, steps of a proof) is text on every page, in every export and in every answer of
/// the API; so is whatever stands in the address or was typed.
/// </summary>
public sealed class Case_41_administration(Case_41_administration.HostileHub hub) : IClassFixture<Case_41_administration.HostileHub>
{
    /// <summary>Every page, with the query by which it shows something. What answers with events is made of the same components.</summary>
    private static readonly Dictionary<string, Func<HostileHub, string>> Pages = new()
    {
        ["/admin"] = _ => "",
        ["/admin/people"] = _ => "?q=hostile",
        ["/admin/people/found"] = _ => "?q=hostile",
        ["/admin/people/{id:guid}"] = _ => "",
        ["/admin/people/{id:guid}/sessions/{session:guid}"] = _ => "",
        ["/admin/people/{id:guid}/activity"] = _ => "",
        ["/admin/people/{id:guid}/revocations"] = _ => "",
        ["/admin/people/{id:guid}/ended/{act:guid}"] = _ => "",
        ["/admin/people/{id:guid}/end"] = _ => "",
        ["/admin/people/{id:guid}/disable"] = _ => "",
        ["/admin/people/{id:guid}/enable"] = _ => "",
        ["/admin/people/{id:guid}/require-password"] = _ => "",
        ["/admin/people/{id:guid}/delete"] = _ => "",
        ["/admin/administrators"] = _ => "",
        ["/admin/administrators/remove"] = h => $"?person={h.Person}",
        ["/admin/end-many"] = _ => "",
        ["/admin/end-many/preview"] = h => $"?scope=application&client={Uri.EscapeDataString(h.ClientId)}",
        ["/admin/end-many/{id:guid}"] = _ => "",
        ["/admin/relying-parties"] = _ => "",
        ["/admin/relying-parties/application"] = h => $"?client={Uri.EscapeDataString(h.ClientId)}",
        ["/admin/relying-parties/register"] = _ => "",
        ["/admin/relying-parties/edit"] = h => $"?client={Uri.EscapeDataString(h.ClientId)}",
        ["/admin/relying-parties/disable"] = h => $"?client={Uri.EscapeDataString(h.ClientId)}",
        ["/admin/relying-parties/remove"] = h => $"?client={Uri.EscapeDataString(h.ClientId)}",
        ["/admin/relying-parties/proof"] = h => $"?id={h.Proof}",
        ["/admin/revocations"] = h => $"?client={Uri.EscapeDataString(h.ClientId)}",
        ["/admin/revocations/one"] = h => $"?id={h.Act}",
        ["/admin/revocations/export"] = _ => "?format=csv",
        ["/admin/keys"] = _ => "",
        ["/admin/keys/rotate"] = _ => "",
        ["/admin/audit"] = h => $"?person={h.Person}",
        ["/admin/audit/export"] = _ => "?format=csv",
        ["/admin/second-factor"] = _ => "",
        ["/admin/invitation"] = _ => "",
    };

    [Fact]
    public void Every_page_of_the_administration_is_in_the_table() => Assert.Equal(
        hub.Endpoints().OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") is true).Select(e => e.RoutePattern.RawText!)
            .Where(path => path.StartsWith("/admin", StringComparison.Ordinal) && !path.EndsWith("/live", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        Pages.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task What_is_stored_is_text_on_every_page()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var shown = new HashSet<string>();
        foreach (var (path, query) in Pages)
        {
            await grace.ProveAsync();
            var id = path.StartsWith("/admin/people", StringComparison.Ordinal) ? hub.Person : hub.Mass;
            var answer = await grace.Browser.GetAsync(Concrete(path, id.ToString(), hub.Act.ToString(), hub.Session.ToString()) + query(hub));

            // What cannot be removed yet says so, and so does an invitation that is none.
            Assert.True((int)answer.Status < 400 || answer.Status is HttpStatusCode.Conflict or HttpStatusCode.Gone, $"{path}: {answer.Status}");
            if (answer.Headers.GetValueOrDefault("Content-Type", "text/html").StartsWith("text/html", StringComparison.Ordinal))
            {
                AssertText(answer.Text);
                shown.UnionWith(HostileHub.Kinds.Where(kind => answer.Text.Contains($"alert(&#x27;{kind}&#x27;)", StringComparison.Ordinal)));
            }
            else
            {
                // A file is saved, and read as what it says it is.
                Assert.Equal(("attachment", "nosniff"), (answer.Headers["Content-Disposition"].Split(';')[0], answer.Headers["X-Content-Type-Options"]));
            }
        }

        // Otherwise nothing would be shown by this.
        Assert.Equal([], HostileHub.Kinds.Except(shown));
    }

    [Fact]
    public async Task What_stands_in_the_address_is_text()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await grace.ProveAsync();
        var payload = Uri.EscapeDataString(HostileHub.Payload("address"));
        string[] names = ["q", "search", "after", "before", "cursor", "client", "person", "reason", "initiator", "from", "until", "unconfirmed", "action", "actor", "scope", "session", "applications", "id", "rung", "made", "link", "format"];
        foreach (var path in Pages.Keys)
        {
            foreach (var address in new[]
            {
                $"{Concrete(path, hub.Person.ToString(), hub.Act.ToString(), hub.Session.ToString())}?{string.Join('&', names.Select(name => $"{name}={payload}"))}",
                $"{Concrete(path, payload, payload, payload)}?{payload}={payload}",
            })
            {
                var answer = await grace.Browser.GetAsync(address);
                Assert.True((int)answer.Status < 500, $"{address}: {answer.Status}");
                AssertText(answer.Text);
            }
        }
    }

    [Fact]
    public async Task What_was_typed_is_text_when_it_is_shown_again()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await grace.ProveAsync();
        var typed = HostileHub.Payload("typed");
        (string, string)[] registration =
        [
            .. new[] { "client_id", "client", "display_name", "redirect_uris", "post_logout_redirect_uris", "back_channel_logout_uri", "front_channel_logout_uri", "test_uri", "logout_token_subject", "id_token_signed_response_alg", "scopes", "audiences" }
                .Select(name => (name, typed)),
            ("grant_authorization_code", "on"),
        ];
        foreach (var (path, fields) in new (string, (string, string)[])[]
        {
            ("/admin/relying-parties/register", registration), ("/admin/relying-parties/register", [.. registration, ("give_up_after", typed), ("default_max_age", typed)]),
            ("/admin/administrators/invite", [("email", typed), ("role", typed)]),
            ($"/admin/people/{hub.Person}/delete", [("confirm", typed)]),
            ("/admin/end-many", [("scope", "application"), ("client", typed), ("confirm", typed)]), ("/admin/end-many", [("scope", "before"), ("before", typed)]), ("/admin/end-many", [("scope", "everyone"), ("confirm", typed)]),
            ("/admin/relying-parties/disable", [("client", hub.ClientId), ("typed", typed)]), ("/admin/relying-parties/remove", [("client", hub.ClientId), ("typed", typed)]),
        })
        {
            var answer = await grace.Browser.PostFromAsync("/sign-in", path, fields);

            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            AssertText(answer.Text);
        }
    }

    [Fact]
    public async Task The_API_answers_in_JSON_that_no_browser_takes_for_a_page()
    {
        using var tool = await hub.AsAsync("tool");
        var payload = Uri.EscapeDataString(HostileHub.Payload("address"));
        foreach (var path in new[]
        {
            "/people", $"/people/{hub.Person}", $"/people/{hub.Person}/sessions", $"/people/{hub.Person}/activity", $"/people/{hub.Person}/applications", $"/people/{hub.Person}/would-end", "/sessions", $"/sessions/{hub.Session}/applications", "/relying-parties", $"/relying-parties/{Uri.EscapeDataString(hub.ClientId)}",
            $"/relying-parties/{Uri.EscapeDataString(hub.ClientId)}/registration", "/revocations", $"/revocations/{hub.Act}", "/audit", "/administrators", "/end-many", $"/end-many/{hub.Mass}", "/keys",
            $"/people?search={payload}&cursor={payload}&{payload}={payload}", $"/relying-parties/{payload}", $"/revocations?reason={payload}&person={payload}", "/audit/export?format=csv", "/audit/export?format=jsonl",
        })
        {
            var answer = await tool.GetAsync(path);

            Assert.True(answer.ContentType is "application/json" or "application/problem+json" or "application/jsonl" or "text/csv", $"{path}: {answer.ContentType}");
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            if (answer.ContentType is "application/json" or "application/problem+json")
            {
                Assert.DoesNotContain("<script", answer.Text, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    private static string Concrete(string path, string id, string act, string session) => path.Replace("{id:guid}", id, StringComparison.Ordinal)
        .Replace("{act:guid}", act, StringComparison.Ordinal).Replace("{session:guid}", session, StringComparison.Ordinal);

    private static void AssertText(string page)
    {
        Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"javascript:", page, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A hub in whose rows a script stands wherever somebody else has the say.</summary>
    public sealed class HostileHub : ApiHub
    {
        public static readonly string[] Kinds = ["name", "mail", "agent", "client", "application", "initiator", "action", "actor", "detail", "outcome", "step", "invited"];

        internal Guid Person { get; private set; }

        internal Guid Act { get; private set; }

        internal Guid Session { get; private set; }

        internal Guid Mass { get; private set; }

        internal Guid Proof { get; private set; }

        // Of the characters that a client id may have.
        internal string ClientId { get; } = Payload("client").Replace(" ", "/", StringComparison.Ordinal);

        internal static string Payload(string kind) => $"\"><script>alert('{kind}')</script><img src=x>";

        protected override async Task StartedAsync()
        {
            var now = Clock.GetUtcNow();
            var ada = await PersonAsync($"Hostile {Payload("name")}");
            (Person, Act, Mass, Proof) = (ada.Id, Guid.CreateVersion7(now), Guid.CreateVersion7(now), Guid.CreateVersion7(now));
            var registration = New(ClientId);
            registration.DisplayName = Payload("application");
            await this.RegisterAsync(registration);
            await AdminVisitor.SetRoleAsync(this, ada, AdminRole.Viewer);
            await ServiceAsync<Invitations, InvitationLink>(i => i.InviteAsync(Payload("invited"), AdminRole.Viewer, Initiator.CommandLine));
            var session = new UserSession
            {
                Id = Guid.CreateVersion7(now), Sid = SessionCookie.NewSid(), CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!, UserId = ada.Id,
                CreatedAt = now, AuthenticatedAt = now, Amr = "pwd", LastSeenAt = now, ExpiresAt = now.AddHours(12), AbsoluteExpiresAt = now.AddHours(24),
                IdleTimeout = TimeSpan.FromHours(12), AbsoluteTimeout = TimeSpan.FromHours(24), Remembered = false, UserAgent = Payload("agent"), Device = Payload("agent"),
            };
            Session = session.Id;
            await DataAsync(async db =>
            {
                await db.Users.Where(u => u.Id == ada.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.Email, Payload("mail")));
                // So that there is a page on which it is removed.
                await db.Set<RelyingParty>().Where(r => r.ClientId == ClientId).ExecuteUpdateAsync(r => r.SetProperty(x => x.DisabledAt, now));
                db.AddRange(
                    session,
                    new SessionParticipant { SessionId = session.Id, ClientId = ClientId, FirstSeenAt = now, LastCodeAt = now },
                    new Consent { UserId = ada.Id, ClientId = ClientId, Scopes = Payload("scope"), GrantedAt = now },
                    new RevocationRecord { Id = Act, Reason = RevocationReason.SignedOut, Initiator = $"client:{Payload("initiator")}", UserId = ada.Id, At = now, Sessions = 1, RelyingParties = 1 },
                    new LogoutDelivery
                    {
                        Id = Guid.CreateVersion7(now), RevocationId = Act, SessionId = session.Id, ClientId = ClientId, Sid = session.Sid, Subject = ada.Id.ToString(), CreatedAt = now,
                        State = DeliveryState.Rejected, NextAttemptAt = null, GiveUpAt = now.AddDays(1), SettledAt = now, Attempts = 1, LastStatus = 400, LastOutcome = Payload("outcome"),
                    },
                    new MassRevocation { Id = Mass, Reason = RevocationReason.RelyingPartyRevoked, Before = now, ClientId = ClientId, Initiator = $"client:{Payload("initiator")}", StartedAt = now, Expected = 1, State = MassRevocationState.Finished },
                    new LogoutProof
                    {
                        Id = Proof, ClientId = ClientId, At = now, Initiator = $"client:{Payload("initiator")}", Outcome = ProofOutcome.Unclear,
                        Steps = JsonSerializer.Serialize(new[] { new ProofStep(ProofStepKind.Opened, ProofSight.OtherAnswer, 1, Payload("step"), 500, Payload("step")) }, JsonSerializerOptions.Web),
                    },
                    new AuditEntry
                    {
                        Id = Guid.CreateVersion7(now), At = now, Action = Payload("action"), Actor = Payload("actor"), UserId = ada.Id, IpAddress = Payload("ip"), UserAgent = Payload("agent"),
                        Details = JsonSerializer.Serialize(new Dictionary<string, string> { [Payload("detail")] = Payload("detail") }),
                    });
                return await db.SaveChangesAsync();
            });
        }
    }
}
