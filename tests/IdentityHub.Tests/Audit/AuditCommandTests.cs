using System.CommandLine;
using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.Audit;

public sealed class AuditCommandTests(SharedServers servers)
{
    [Fact]
    public async Task Intact_is_0_and_prints_the_end_to_keep()
    {
        await using var audit = await ChainedAudit.CreateAsync("Sqlite", servers);
        await audit.SealedAsync(2);

        var (code, output, _) = await RunAsync(audit, "audit", "verify");

        Assert.Equal(0, code);
        var head = (await audit.VerifyAsync()).Head!.ToString();
        Assert.Equal(["2 entries, intact.", $"head: {head}"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, (await RunAsync(audit, "audit", "verify", "--head", head)).Code);
    }

    [Fact]
    public async Task A_tampered_entry_is_4_and_named()
    {
        await using var audit = await ChainedAudit.CreateAsync("Sqlite", servers);
        var ids = await audit.SealedAsync(3);
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_entries SET actor = 'system' WHERE id = {ids[1]}"));

        var (code, output, _) = await RunAsync(audit, "audit", "verify", "--json");

        Assert.Equal(4, code);
        using var answer = JsonDocument.Parse(output);
        var finding = answer.RootElement.GetProperty("findings")[0];
        Assert.False(answer.RootElement.GetProperty("intact").GetBoolean());
        Assert.Equal(("changed", 2, ids[1]), (finding.GetProperty("kind").GetString(), finding.GetProperty("sequence").GetInt32(), finding.GetProperty("entryId").GetGuid()));
        Assert.Contains($"The entry {ids[1]} at place 2 ", (await RunAsync(audit, "audit", "verify")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5"), InlineData("5:abc"), InlineData("0:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_head_that_is_none_is_refused(string head)
    {
        await using var audit = await ChainedAudit.CreateAsync("Sqlite", servers);

        var (code, _, error) = await RunAsync(audit, "audit", "verify", "--head", head);

        Assert.Equal(2, code);
        Assert.StartsWith($"--head is '{head}'; ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(ChainedAudit audit, params string[] args)
    {
        await using var db = audit.Database.Open();
        await using var services = new ServiceCollection().AddSingleton(new AuditVerification(db, audit.Key)).BuildServiceProvider();
        RootCommand root = [AuditCommand.Create((act, cancel) => act(services, cancel))];
        using StringWriter output = new(), error = new();
        var code = await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
