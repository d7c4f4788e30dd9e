using System.Net;
using IdentityHub.Access;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>An act with a key is done once.</summary>
public abstract class IdempotencyTests(ApiHub hub)
{
    [Fact]
    public async Task The_second_time_the_first_answer_comes_back_and_nothing_is_done()
    {
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var tool = await hub.AsAsync("tool");
        var key = Guid.CreateVersion7().ToString();

        var first = (await tool.PostAsync($"/sessions/{session.Id}/end", key: key)).Is(HttpStatusCode.OK);
        var second = (await tool.PostAsync($"/sessions/{session.Id}/end", key: key)).Is(HttpStatusCode.OK);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal("true", second.Headers["Idempotency-Replayed"]);
        Assert.DoesNotContain("Idempotency-Replayed", first.Headers.Keys);
        Assert.Equal(1, await hub.DataAsync(db => db.Set<RevocationRecord>().CountAsync(r => r.UserId == session.UserId)));
    }

    [Fact]
    public async Task At_the_same_time_one_does_it_and_all_have_its_answer()
    {
        using var tool = await hub.AsAsync("tool");
        var before = hub.Clock.GetUtcNow().AddYears(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var key = Guid.CreateVersion7().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => tool.PostAsync("/end-many", new { signedInBefore = before, confirm = before }, key)));

        Assert.All(answers, a => a.Is(HttpStatusCode.Accepted));
        var id = Assert.Single(answers.Select(a => (Guid)a.Json["id"]!).Distinct());
        Assert.Equal(1, await hub.DataAsync(db => db.Set<MassRevocation>().CountAsync(m => m.Id == id)));
        Assert.Equal(5, answers.Count(a => a.Headers.ContainsKey("Idempotency-Replayed")));
    }

    [Fact]
    public async Task Another_request_with_the_same_key_is_refused_and_another_client_has_keys_of_its_own()
    {
        var (one, two) = (await hub.SessionAsync(await hub.PersonAsync()), await hub.SessionAsync(await hub.PersonAsync()));
        using var tool = await hub.AsAsync("tool");
        var key = Guid.CreateVersion7().ToString();
        (await tool.PostAsync($"/sessions/{one.Id}/end", key: key)).Is(HttpStatusCode.OK);

        Assert.Equal(["Idempotency-Key"], (await tool.PostAsync($"/sessions/{two.Id}/end", key: key)).Is(HttpStatusCode.UnprocessableEntity).Members);
        (await tool.PostAsync($"/sessions/{one.Id}/end", "{}", key)).Is(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["Idempotency-Key"], (await tool.PostAsync($"/sessions/{two.Id}/end", key: new string('k', 256))).Is(HttpStatusCode.BadRequest).Members);

        using var person = await Admin.AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        await person.ProveAsync();
        using var console = await hub.AsAsync(person.Browser);
        (await console.PostAsync($"/sessions/{two.Id}/end", key: key)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_refused_is_judged_anew_and_a_key_is_forgotten_after_a_day()
    {
        using var tool = await hub.AsAsync("tool");
        var key = Guid.CreateVersion7().ToString();
        (await tool.PostAsync($"/sessions/{Guid.CreateVersion7()}/end", key: key)).Is(HttpStatusCode.NotFound);
        var session = await hub.SessionAsync(await hub.PersonAsync());
        (await tool.PostAsync($"/sessions/{session.Id}/end", key: key)).Is(HttpStatusCode.OK);

        hub.Clock.Move(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        using var almost = await hub.AsAsync("tool");
        Assert.Equal("true", (await almost.PostAsync($"/sessions/{session.Id}/end", key: key)).Is(HttpStatusCode.OK).Headers["Idempotency-Replayed"]);
        hub.Clock.Move(TimeSpan.FromMinutes(2));
        using var after = await hub.AsAsync("tool");
        (await after.PostAsync($"/sessions/{session.Id}/end", key: key)).Is(HttpStatusCode.NotFound);
    }

    public sealed class OnSqlite(ApiHub hub) : IdempotencyTests(hub), IClassFixture<ApiHub>;

    public sealed class OnPostgres(ApiHubOnPostgres hub) : IdempotencyTests(hub), IClassFixture<ApiHubOnPostgres>;
}
