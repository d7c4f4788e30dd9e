using System.Net;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>Who asks too often is told when to come back.</summary>
public sealed class ApiLimitsTests(ApiLimitsTests.Strict hub) : IClassFixture<ApiLimitsTests.Strict>
{
    [Fact]
    public async Task Each_client_has_its_own_allowance()
    {
        using var tool = await hub.AsAsync("tool");
        using var reader = await hub.AsAsync("reader");

        var answers = new List<ApiAnswer>();
        for (var i = 0; i < 11; i++)
        {
            answers.Add(await tool.GetAsync("/sessions"));
        }

        var refused = answers.First(a => a.Status == HttpStatusCode.TooManyRequests);
        Assert.True(answers.Count(a => a.Status == HttpStatusCode.OK) >= 10, string.Join(' ', answers.Select(a => (int)a.Status)));
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("application/problem+json", refused.ContentType);
        (await reader.GetAsync("/sessions")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task So_has_each_address_without_a_good_token_and_each_client_that_asks_by_name()
    {
        using var nobody = hub.AsNobody();
        (await nobody.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized);
        (await nobody.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized);
        (await nobody.GetAsync("/sessions")).Is(HttpStatusCode.TooManyRequests);

        using var security = await hub.AsAsync("security");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            statuses.Add((await security.PostAsync("/global-token-revocation", new { sub_id = new { format = "email", email = $"{i}@example.com" } })).Status);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    public sealed class Strict : ApiHub
    {
        protected override async Task<string[]> SettingsAsync() => [.. await base.SettingsAsync(), "--Api:RequestsPerMinute=10", "--Api:LookUpsPerMinute=2", "--Api:RefusedPerMinute=2"];
    }
}
