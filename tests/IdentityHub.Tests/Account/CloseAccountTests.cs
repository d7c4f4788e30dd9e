using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Persons;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Tests.Admin;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

/// <summary>ASVS 7.4.2: a closed account has no session and no way in, and nothing personal is left of it.</summary>
public sealed class CloseAccountTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private static readonly Type[] Kept = [typeof(UserSession), typeof(AuditEntry), typeof(RevocationRecord), typeof(FeedEntry)];

    [Fact]
    public async Task Closing_says_what_ends_and_ends_it_everywhere()
    {
        var ada = await hub.PersonAsync();
        using var phone = hub.Visitor();
        using var desk = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        (await desk.GetAsync("/account/close")).Shows("This session and your other one end.");
        var answer = await desk.FillAsync("/account/close", ("email", $" {ada.Email!.ToUpperInvariant()} "));

        Assert.Null(desk.SessionCookie);
        (await desk.GetAsync(answer.Location!)).Shows("Your account is closed");
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await phone.SignInAsync(ada)).Status);
    }

    [Fact]
    public async Task Without_the_address_typed_nothing_happens_and_what_was_typed_is_kept()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var answer = await desk.FillAsync("/account/close", ("email", "somebody@example.com"));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.Status);
        answer.Shows($"This is not the address of this account; type {ada.Email}.");
        answer.Shows("value=\"somebody@example.com\"");
        (await desk.GetAsync("/")).Shows("Hello");
    }

    [Fact]
    public async Task The_address_that_the_account_had_gets_a_last_mail_without_a_link()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        await desk.FillAsync("/account/close", ("email", ada.Email!));

        var mail = await hub.Mail.WaitAsync(ada.Email!, "Your account at IdentityHub is closed");
        Assert.StartsWith($"Hello {ada.DisplayName},", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("link=", mail.TextBody, StringComparison.Ordinal);
        Assert.False(await hub.DataAsync(db => db.Set<IdentityHub.Mail.MailedLink>().AnyAsync(l => l.UserId == ada.Id)));
    }

    [Fact]
    public async Task Nothing_personal_is_left_and_the_audit_still_says_what_happened()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada, "not the password");
        await desk.SignInAsync(ada);
        await hub.DataAsync(db =>
        {
            db.Add(new Consent { UserId = ada.Id, ClientId = "notes", Scopes = "openid", GrantedAt = DateTimeOffset.UnixEpoch });
            db.Add(new Microsoft.AspNetCore.Identity.IdentityUserToken<Guid> { UserId = ada.Id, LoginProvider = "hub", Name = "secret", Value = "x" });
            return db.SaveChangesAsync();
        });

        await desk.FillAsync("/account/close", ("email", ada.Email!));

        var left = await hub.DataAsync(async db =>
        {
            List<string> tables = [];
            foreach (var entity in db.Model.GetEntityTypes().Where(e => e.FindProperty("UserId") is not null && !Kept.Contains(e.ClrType) && !e.IsMappedToJson()))
            {
                var sql = $"SELECT count(*) AS \"Value\" FROM {entity.GetTableName()} WHERE user_id = {{0}}";
                if (await db.Database.SqlQueryRaw<long>(sql, ada.Id).SingleAsync() > 0)
                {
                    tables.Add(entity.GetTableName()!);
                }
            }

            return tables;
        });
        Assert.Equal([], left);
        var row = await hub.DataAsync(db => db.Users.AsNoTracking().SingleAsync(u => u.Id == ada.Id));
        Assert.Equal((null, null, null, "", $"closed-{ada.Id:N}"), (row.Email, row.NormalizedEmail, row.PasswordHash, row.DisplayName, row.UserName));
        Assert.NotNull(row.ClosedAt);
        Assert.False(await hub.DataAsync(db => db.Set<UserSession>().AnyAsync(s => s.UserId == ada.Id && (s.UserAgent != null || s.IpAddress != null || s.Device != null))));
        var audit = await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == ada.Id).ToListAsync());
        Assert.Superset(new HashSet<string> { "sign_in_failed", "signed_in", "account_closed", "session_ended" }, audit.Select(e => e.Action).ToHashSet());
        Assert.All(audit, e => Assert.Equal((null, null), (e.IpAddress, e.UserAgent)));
        Assert.DoesNotContain(audit, e => e.Details?.Contains(ada.Email!, StringComparison.OrdinalIgnoreCase) == true || e.Details?.Contains("127.0.0.1", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_address_is_free_for_somebody_else_who_is_somebody_else()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.FillAsync("/account/close", ("email", ada.Email!));

        var next = await hub.PersonAsync("Another", u => (u.Email, u.UserName) = (ada.Email, ada.Email));
        await desk.SignInAsync(next);

        (await desk.GetAsync("/")).Shows("Another");
        Assert.NotEqual(ada.Subject, next.Subject);
    }

    [Fact]
    public async Task The_last_administrator_is_told_what_to_do_first()
    {
        var ada = await hub.PersonAsync();
        await AdminVisitor.SetRoleAsync(hub, ada, AdminRole.Administrator);
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var refused = await desk.FillAsync("/account/close", ("email", ada.Email!));

        Assert.Equal(System.Net.HttpStatusCode.Conflict, refused.Status);
        refused.Shows("Make somebody else an administrator first");
        (await desk.GetAsync("/")).Shows("Hello");
        Assert.Equal(ada.Email, await hub.DataAsync(db => db.Users.Where(u => u.Id == ada.Id).Select(u => u.Email).SingleAsync()));

        await AdminVisitor.SetRoleAsync(hub, await hub.PersonAsync("Grace"), AdminRole.Administrator);
        var answer = await desk.FillAsync("/account/close", ("email", ada.Email!));
        (await desk.GetAsync(answer.Location!)).Shows("Your account is closed");
    }

    [Fact]
    public async Task A_session_that_ended_under_the_form_closes_nothing()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var session = await hub.DataAsync(db => db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.UserId == ada.Id));
        await hub.ServiceAsync((SessionRevoker revoker) => revoker.EndSessionAsync(session.Id, RevocationReason.SignedOut, Initiator.System));
        var stale = new CurrentSession(
            session.Id, session.Sid, ada.Id, ada.DisplayName, ada.Email!, session.AuthenticatedAt, "pwd", session.LastSeenAt, session.ExpiresAt, session.AbsoluteExpiresAt,
            new SessionTerms(session.IdleTimeout, session.AbsoluteTimeout, false));

        Assert.Equal(Ended.Nothing, await hub.ServiceAsync((AccountClosing closing) => closing.CloseAsync(stale)));

        Assert.Equal(ada.Email, await hub.DataAsync(db => db.Users.Where(u => u.Id == ada.Id).Select(u => u.Email).SingleAsync()));
    }
}
