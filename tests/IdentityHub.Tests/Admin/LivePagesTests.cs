using System.Net;
using IdentityHub.Access;
using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>What an open page of the administration is sent ends with the right to see it (I4).</summary>
public sealed class LivePagesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    public static TheoryData<string> Pages => ["/admin/live", "/admin/revocations/one/live?id=ACT", "/admin/people/PERSON/ended/ACT/live"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_stream_ends_with_the_session(string page)
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        using var answer = await OpenAsync(grace, page);

        var session = await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == grace.Person.Id && s.EndedAt == null).Select(s => s.Id).SingleAsync());
        await hub.ServiceAsync((SessionRevoker revoker) => revoker.EndSessionAsync(session, RevocationReason.SignedOut, Initiator.System));

        await EndsAsync(answer);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_stream_ends_with_the_role(string page)
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        using var answer = await OpenAsync(grace, page);

        await AdminVisitor.SetRoleAsync(hub, grace.Person, null);

        await EndsAsync(answer);
    }

    // Of an act that an application has not answered: nothing but what is tested ends it.
    private async Task<HttpResponseMessage> OpenAsync(AdminVisitor grace, string page)
    {
        var now = hub.Clock.GetUtcNow();
        var act = Guid.CreateVersion7(now);
        await hub.DataAsync(db =>
        {
            db.Add(new RevocationRecord { Id = act, Reason = RevocationReason.SignedOut, Initiator = "system", UserId = grace.Person.Id, At = now, Sessions = 1, RelyingParties = 1 });
            db.Add(new LogoutDelivery
            {
                Id = Guid.CreateVersion7(now),
                RevocationId = act,
                SessionId = Guid.CreateVersion7(now),
                ClientId = "notes",
                Sid = "s",
                Subject = "s",
                CreatedAt = now,
                State = DeliveryState.Pending,
                NextAttemptAt = now.AddDays(1),
                GiveUpAt = now.AddDays(2),
            });
            return db.SaveChangesAsync();
        });
        var answer = await grace.Browser.OpenAsync(page.Replace("ACT", $"{act}", StringComparison.Ordinal).Replace("PERSON", $"{grace.Person.Id}", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return answer;
    }

    private static async Task EndsAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.StartsWith("event: state\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event: over", text, StringComparison.Ordinal);
    }
}
