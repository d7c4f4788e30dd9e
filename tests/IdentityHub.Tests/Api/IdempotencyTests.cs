using System.Net;
using IdentityHub.Access;
using IdentityHub.Api;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Tests.Administration;
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

    [Fact]
    public async Task Keys_are_rotated_once()
    {
        using var tool = await hub.AsAsync("tool");
        var key = Guid.CreateVersion7().ToString();

        var first = (await tool.PostAsync("/keys/rotate", key: key)).Is(HttpStatusCode.OK);
        var second = (await tool.PostAsync("/keys/rotate", key: key)).Is(HttpStatusCode.OK);

        Assert.Equal((first.Text, "true"), (second.Text, second.Headers["Idempotency-Replayed"]));
        foreach (var id in first.Json["made"]!.AsArray().Select(id => (string)id!))
        {
            Assert.Equal(1, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "key_rotated" && e.Details!.Contains(id))));
        }
    }

    [Fact]
    public async Task A_new_secret_is_made_once_and_the_answer_that_is_kept_does_not_show_it()
    {
        using var tool = await hub.AsAsync("tool");
        var registration = Applications.New();
        await hub.RegisterAsync(registration);
        var path = $"/relying-parties/{registration.ClientId}/rotate-secret";
        var key = Guid.CreateVersion7().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tool.PostAsync(path, new { overlapSeconds = 60 }, key)));

        var secret = Assert.Single(answers.Select(a => (string)a.Is(HttpStatusCode.OK).Json["clientSecret"]!).Distinct());
        Assert.True(await hub.TakesAsync(registration.ClientId, secret));
        Assert.Equal(1, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "relying_party_secret_rotated" && e.Details!.Contains(registration.ClientId))));
        Assert.False(await hub.DataAsync(db => db.Set<IdempotentAnswer>().AnyAsync(a => a.Body!.Contains(secret))));
        (await tool.PostAsync(path, new { overlapSeconds = 61 }, key)).Is(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Acts_on_an_application_are_done_once()
    {
        using var tool = await hub.AsAsync("tool");
        var registration = Applications.New();
        await hub.RegisterAsync(registration);
        foreach (var (act, action) in new[] { ("end-previous-secret", "relying_party_previous_secret_ended"), ("disable", "relying_party_disabled"), ("enable", "relying_party_enabled"), ("ring", null) })
        {
            var key = Guid.CreateVersion7().ToString();
            (await tool.PostAsync($"/relying-parties/{registration.ClientId}/{act}", key: key)).Is(HttpStatusCode.OK);
            Assert.Equal("true", (await tool.PostAsync($"/relying-parties/{registration.ClientId}/{act}", key: key)).Is(HttpStatusCode.OK).Headers["Idempotency-Replayed"]);
            Assert.True(action is null || await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == action && e.Details!.Contains(registration.ClientId))) == 1);
            (await tool.PostAsync($"/relying-parties/nobody/{act}", key: Guid.CreateVersion7().ToString())).Is(HttpStatusCode.NotFound);
        }
    }

    public sealed class OnSqlite(ApiHub hub) : IdempotencyTests(hub), IClassFixture<ApiHub>;

    public sealed class OnPostgres(ApiHubOnPostgres hub) : IdempotencyTests(hub), IClassFixture<ApiHubOnPostgres>;
}
