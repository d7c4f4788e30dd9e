using System.Text.Json.Nodes;
using IdentityHub.Client.Tests.Testing;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Receivers;

/// <summary>
/// What real receivers do with one and the same token, measured: the table in docs/die-on-logout.md is what this test sees.
/// A is the session that is to end, B another one of the same person.
/// </summary>
public sealed class MatrixTests(ITestOutputHelper output)
{
    private const string A = "A", B = "B", Nothing = "";

    private static int s_row;

    // Its name in the table, what ought to end, and how a good token with the sid and sub of A is changed.
    private sealed record Row(string Name, string Asked, Action<JsonObject> Bend, string? Type = "logout+jwt", bool Late = false, bool Twice = false);

    private static readonly Row[] Rows =
    [
        new("`sid` only", A, c => c.Remove("sub")),
        new("`sub` only", A + B, c => c.Remove("sid")),
        new("`sid` and `sub`", A, _ => { }),
        new("`sid` only, while the code is being redeemed", A, c => c.Remove("sub"), Late: true),
        new("a `sid` it does not know", Nothing, c => (c["sid"], _) = ("unknown", c.Remove("sub"))),
        new("the same token twice", A, c => c.Remove("sub"), Twice: true),
        new("no `typ`", A, c => c.Remove("sub"), Type: null),
        new("no `exp`", Nothing, c => (_, _) = (c.Remove("sub"), c.Remove("exp"))),
        new("no `iat`", Nothing, c => (_, _) = (c.Remove("sub"), c.Remove("iat"))),
        new("no `jti`", Nothing, c => (_, _) = (c.Remove("sub"), c.Remove("jti"))),
        new("no `events`", Nothing, c => (_, _) = (c.Remove("sub"), c.Remove("events"))),
        new("with `nonce`", Nothing, c => (c["nonce"], _) = ("n", c.Remove("sub"))),
        new("expired", Nothing, c => (c["iat"], c["exp"], _) = ((long)c["iat"]! - 7200, (long)c["iat"]! - 3600, c.Remove("sub"))),
        new("for another client", Nothing, c => (c["aud"], _) = ("another", c.Remove("sub"))),
    ];

    [Fact]
    public async Task The_matrix_of_receivers_is_the_one_that_the_guide_shows()
    {
        Assert.SkipUnless(OtherSamples.ApacheIsInstalled, OtherSamples.NoApache);
        await using var provider = await FakeProvider.StartAsync(TimeProvider.System);
        provider.BendMetadata = m =>
        {
            m["response_types_supported"] = new JsonArray("code");
            m["response_modes_supported"] = new JsonArray("query");
            m["subject_types_supported"] = new JsonArray("public");
            m["id_token_signing_alg_values_supported"] = new JsonArray("RS256");
        };
        await using var dotnet = await ReceiverUnderTest.DotnetAsync(provider.Issuer);
        await using var express = await ReceiverUnderTest.ExpressAsync(provider.Issuer);
        await using var apache = await ReceiverUnderTest.ApacheAsync(provider.Issuer);
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "die-on-logout.md"), TestContext.Current.CancellationToken);
        List<string> measured = [];
        foreach (var row in Rows)
        {
            var cells = new List<string>();
            foreach (var receiver in new[] { dotnet, express, apache })
            {
                cells.Add(await MeasureAsync(provider, receiver, row));
            }

            measured.Add($"| {row.Name} | {string.Join(" | ", cells)} |");
            output.WriteLine(measured[^1]);
        }

        Assert.Contains(string.Join('\n', measured), guide, StringComparison.Ordinal);
    }

    /// <summary>The answer and what ended, in bold where a success was not what was asked for.</summary>
    private static async Task<string> MeasureAsync(FakeProvider provider, ReceiverUnderTest receiver, Row row)
    {
        var number = Interlocked.Increment(ref s_row);
        var (sub, sidA, sidB) = ($"person-{number}", $"a-{number}", $"b-{number}");
        var b = await SignInAsync(provider, receiver, sub, sidB);
        Assert.True(await receiver.KnowsAsync(b), row.Name);
        var claims = provider.LogoutClaims(sidA, sub);
        row.Bend(claims);
        var token = provider.Sign(claims, row.Type);

        var status = 0;
        provider.WhileRedeeming = async () => status = row.Late ? await receiver.PostAsync(token) : 0;
        var a = await SignInAsync(provider, receiver, sub, sidA);
        provider.WhileRedeeming = () => Task.CompletedTask;
        if (!row.Late)
        {
            Assert.True(await receiver.KnowsAsync(a), row.Name);
            status = await receiver.PostAsync(token);
        }

        var second = row.Twice ? await receiver.PostAsync(token) : 0;
        var ended = (await receiver.KnowsAsync(a) ? "" : A) + (await receiver.KnowsAsync(b) ? "" : B);
        var answer = row.Twice ? $"{status}, then {second}" : $"{status}";
        if (status >= 400)
        {
            Assert.Equal(Nothing, ended);
            return answer;
        }

        var cell = $"{answer}, {ended switch { A => "A ends", A + B => "A and B end", B => "B ends", _ => "nothing ends" }}";
        return ended == row.Asked ? cell : $"**{cell}**";
    }

    private static Task<string> SignInAsync(FakeProvider provider, ReceiverUnderTest receiver, string sub, string sid)
    {
        (provider.NextSubject, provider.NextSid) = (sub, sid);
        return receiver.SignInAsync();
    }
}
