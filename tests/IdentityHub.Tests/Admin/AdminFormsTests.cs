using System.Globalization;
using System.Net;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Administration;
using IdentityHub.Tests.Api;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Admin;

/// <summary>
/// Every form of the administration, with what it takes to do something: another site that has an administrator's browser
/// send it does nothing (ASVS 3.5.1), and the page itself does it. A form that is not in the table is found here.
/// </summary>
public sealed class AdminFormsTests(AdminFormsTests.Desk desk) : IClassFixture<AdminFormsTests.Desk>
{
    private static readonly (string, string)[] Registered =
        [("display_name", "Registered"), ("redirect_uris", "https://app.example.com/callback"), ("grant_authorization_code", "on"), ("scopes", "profile")];

    private static readonly Dictionary<string, Func<Desk, Task<Form>>> Table = new()
    {
        ["/admin/invitation"] = InvitationAsync,
        ["/admin/people/{id:guid}/end"] = d => OfPersonAsync(d, "end"),
        ["/admin/people/{id:guid}/disable"] = d => OfPersonAsync(d, "disable"),
        ["/admin/people/{id:guid}/enable"] = async d =>
        {
            var form = await OfPersonAsync(d, "enable");
            await d.Hub.ServiceAsync<PersonActs, PersonAct>(acts => acts.DisableAsync(Guid.Parse(form.Path.Split('/')[3]), Initiator.CommandLine));
            return form;
        },
        ["/admin/people/{id:guid}/require-password"] = d => OfPersonAsync(d, "require-password"),
        ["/admin/people/{id:guid}/delete"] = d => OfPersonAsync(d, "delete"),
        ["/admin/administrators/invite"] = d => Task.FromResult(new Form("/admin/administrators/invite", ("email", $"{Guid.CreateVersion7():N}@example.com"), ("role", "viewer"))),
        ["/admin/administrators/role"] = async d => new("/admin/administrators/role", ("person", (await d.Hub.PersonAsync()).Id.ToString()), ("role", "viewer")),
        ["/admin/administrators/remove"] = async d =>
        {
            var ada = await d.Hub.PersonAsync();
            await AdminVisitor.SetRoleAsync(d.Hub, ada, AdminRole.Viewer);
            return new("/admin/administrators/remove", ("person", ada.Id.ToString()));
        },
        ["/admin/administrators/withdraw"] = async d =>
        {
            var email = $"{Guid.CreateVersion7():N}@example.com";
            await d.Hub.ServiceAsync<Invitations, InvitationLink>(i => i.InviteAsync(email, AdminRole.Viewer, Initiator.CommandLine));
            return new("/admin/administrators/withdraw", ("invitation", $"{await d.Hub.DataAsync(db => db.Set<Invitation>().Where(i => i.Email == email).Select(i => i.Id).SingleAsync())}"));
        },
        ["/admin/end-many"] = d =>
        {
            var before = d.Hub.Clock.GetUtcNow().AddYears(-1).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            return Task.FromResult(new Form("/admin/end-many", ("scope", "before"), ("before", before), ("confirm", before)));
        },
        ["/admin/end-many/{id:guid}/cancel"] = async d => new($"/admin/end-many/{await MassAsync(d)}/cancel"),
        ["/admin/relying-parties/register"] = d => Task.FromResult(new Form("/admin/relying-parties/register", [("client_id", NewId()), .. Registered])),
        ["/admin/relying-parties/edit"] = async d =>
        {
            var id = await PartyAsync(d);
            return new("/admin/relying-parties/edit", [("client", id), ("version", await VersionAsync(d, id)), .. Registered]);
        },
        ["/admin/relying-parties/rotate-secret"] = async d => new("/admin/relying-parties/rotate-secret", ("client", await PartyAsync(d)), ("overlap", "24")),
        ["/admin/relying-parties/end-previous-secret"] = async d =>
        {
            var id = await PartyAsync(d);
            await d.Hub.ChangesAsync(c => c.RotateSecretAsync(id, RelyingPartyChanges.UsualOverlap, Initiator.CommandLine, Cancel));
            return new("/admin/relying-parties/end-previous-secret", ("client", id));
        },
        ["/admin/relying-parties/disable"] = async d => await PartyAsync(d) is var id ? new("/admin/relying-parties/disable", ("client", id), ("typed", id)) : null!,
        ["/admin/relying-parties/enable"] = async d => new("/admin/relying-parties/enable", ("client", await DisabledAsync(d))),
        ["/admin/relying-parties/remove"] = async d => await DisabledAsync(d) is var id ? new("/admin/relying-parties/remove", ("client", id), ("typed", id)) : null!,
        ["/admin/relying-parties/prove"] = async d => new("/admin/relying-parties/prove", ("client", await PartyAsync(d, r => r.TestUri = $"http://localhost:{FreePorts.Next()}/"))),
        ["/admin/relying-parties/ring"] = async d => new("/admin/relying-parties/ring", ("client", (await RefusedAsync(d)).ClientId)),
        ["/admin/revocations/ring"] = async d => await RefusedAsync(d) is var refused ? new("/admin/revocations/ring", ("revocation", refused.RevocationId.ToString()), ("client", refused.ClientId)) : null!,
        ["/admin/keys/rotate"] = _ => Task.FromResult(new Form("/admin/keys/rotate")),
    };

    public static TheoryData<string> Forms => [.. Table.Keys];

    [Fact]
    public void Every_form_of_the_administration_is_in_the_table() => Assert.Equal(
        desk.Hub.Endpoints().OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal) && e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(m => m != "GET"))
            .Select(e => e.RoutePattern.RawText!).Order(StringComparer.Ordinal),
        Table.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Without_a_token_of_this_browser_nothing_is_changed(string path)
    {
        var form = await Table[path](desk);
        await desk.Root.ProveAsync();
        using var stranger = desk.Hub.Visitor();
        var browser = form.Anonymous ? stranger : desk.Root.Browser;
        using var guest = desk.Hub.Visitor();
        var before = await desk.StateAsync();

        foreach (var token in new[] { null, "", "CfDJ8", await TokenAsync(desk.Other.Browser), await TokenAsync(guest) })
        {
            var refused = await browser.PostAsync(form.Path, [.. form.Fields, .. token is null ? [] : new[] { (Token, token) }]);

            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Equal(before, await desk.StateAsync());
        }

        // What was refused is the act itself: with the token of this browser it is done.
        var done = await browser.PostAsync(form.Path, [.. form.Fields, (Token, await TokenAsync(browser))]);

        Assert.True(done.Status is HttpStatusCode.SeeOther or HttpStatusCode.OK, $"{(int)done.Status}: {done.Text}");
        Assert.NotEqual(before, await desk.StateAsync());
    }

    private const string Token = "__RequestVerificationToken";

    private static async Task<string> TokenAsync(Visitor browser) => (await browser.GetAsync("/sign-in")).FormToken!;

    private static async Task<Form> InvitationAsync(Desk desk)
    {
        var link = await desk.Hub.ServiceAsync<Invitations, InvitationLink>(i => i.InviteAsync($"{Guid.CreateVersion7():N}@example.com", AdminRole.Viewer, desk.By));
        return new("/admin/invitation", ("link", link.Address.Query["?link=".Length..]), ("name", "Grace"), ("password", StartedHub.Password)) { Anonymous = true };
    }

    private static async Task<Form> OfPersonAsync(Desk desk, string act)
    {
        var ada = await desk.Hub.PersonAsync();
        await desk.Hub.SessionAsync(ada);
        return new($"/admin/people/{ada.Id}/{act}", act == "delete" ? [("confirm", ada.Email!)] : []);
    }

    private static async Task<string> PartyAsync(Desk desk, Action<Registration>? with = null)
    {
        var registration = New();
        with?.Invoke(registration);
        await desk.Hub.RegisterAsync(registration);
        return registration.ClientId;
    }

    private static Task<string> VersionAsync(Desk desk, string id) => desk.Hub.DataAsync(db => db.Set<RelyingParty>().Where(r => r.ClientId == id).Select(r => r.ConcurrencyToken!).SingleAsync());

    private static async Task<Guid> MassAsync(Desk desk)
    {
        var before = desk.Hub.Clock.GetUtcNow().AddYears(-1);
        return (await desk.Hub.ServiceAsync<MassRevocations, MassRevocation>(many => many.StartAsync(new(Before: before), Initiator.CommandLine, Cancel))).Id;
    }

    // With nothing left to end: who ends it has been stopped.
    private static async Task<string> DisabledAsync(Desk desk)
    {
        var id = await PartyAsync(desk);
        Assert.Equal(PartyChange.Done, (await desk.Hub.RemovalAsync(r => r.DisableAsync(id, Initiator.CommandLine, Cancel))).Result);
        await desk.Hub.DataAsync(db => db.Set<MassRevocation>().Where(m => m.ClientId == id).ExecuteUpdateAsync(m => m.SetProperty(x => x.State, MassRevocationState.Finished)));
        return id;
    }

    private static async Task<LogoutDelivery> RefusedAsync(Desk desk)
    {
        var now = desk.Hub.Clock.GetUtcNow();
        var refused = new LogoutDelivery
        {
            Id = Guid.CreateVersion7(now), RevocationId = Guid.CreateVersion7(now), SessionId = Guid.CreateVersion7(now), ClientId = await PartyAsync(desk), Sid = "sid", Subject = Guid.CreateVersion7(now).ToString(),
            CreatedAt = now, State = DeliveryState.Rejected, NextAttemptAt = null, GiveUpAt = now.AddDays(1), SettledAt = now,
        };
        await desk.Hub.DataAsync(db =>
        {
            db.Add(refused);
            return db.SaveChangesAsync();
        });
        return refused;
    }

    /// <summary>What is posted, and as whom.</summary>
    internal sealed record Form(string Path, params (string Name, string Value)[] Fields)
    {
        public bool Anonymous { get; init; }
    }

    /// <summary>Two administrators, each in a browser of their own.</summary>
    public sealed class Desk : IAsyncLifetime
    {
        internal ApiHub Hub { get; } = new();

        internal AdminVisitor Root { get; private set; } = null!;

        internal AdminVisitor Other { get; private set; } = null!;

        internal Initiator By => Initiator.Administrator(Root.Person.Id);

        public async ValueTask InitializeAsync()
        {
            await Hub.InitializeAsync();
            // An act on many is to be there still when it is given up.
            await Hub.StopAsync<MassRevocationRunner>();
            Root = await AdminVisitor.SignInAsync(Hub, AdminRole.Administrator);
            Other = await AdminVisitor.SignInAsync(Hub, AdminRole.Administrator);
        }

        /// <summary>What the forms change, and what the audit says that this administrator did.</summary>
        internal Task<string> StateAsync() => Hub.DataAsync(async db => string.Join(
            '\n',
            await db.Set<AuditEntry>().CountAsync(e => e.Actor == By.Name, Cancel),
            await db.Users.CountAsync(Cancel),
            await db.Users.CountAsync(u => u.DisabledAt != null, Cancel),
            string.Join(' ', await db.Set<IdentityUserRole<Guid>>().OrderBy(g => g.UserId).Select(g => $"{g.UserId}{g.RoleId}").ToListAsync(Cancel)),
            await db.Set<Invitation>().CountAsync(Cancel),
            await db.Set<RevocationRecord>().CountAsync(Cancel),
            string.Join(' ', await db.Set<MassRevocation>().OrderBy(m => m.Id).Select(m => $"{m.Id}{m.State}").ToListAsync(Cancel)),
            string.Join(' ', await db.Set<RelyingParty>().OrderBy(r => r.Id).Select(r => $"{r.Id}{r.ConcurrencyToken}").ToListAsync(Cancel)),
            await db.Set<LogoutProof>().CountAsync(Cancel),
            await db.Set<StoredKey>().CountAsync(Cancel)));

        public async ValueTask DisposeAsync()
        {
            Root.Dispose();
            Other.Dispose();
            await Hub.DisposeAsync();
        }
    }
}
