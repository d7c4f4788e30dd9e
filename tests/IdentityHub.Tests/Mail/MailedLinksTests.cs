using IdentityHub.Mail;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Mail;

public sealed class MailedLinksTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task A_link_is_found_as_often_as_you_like_and_used_once(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var node = MailNode.Idle(database);
        var ada = Guid.CreateVersion7();
        var link = await IssueAsync(database, node, LinkPurpose.ConfirmNewAddress, ada, "new@example.com");

        Assert.Equal("https://id.example.com/account/email/confirm", link.Address.GetLeftPart(UriPartial.Path));
        Assert.Equal((ada, "new@example.com"), await FindAsync(database, node, LinkPurpose.ConfirmNewAddress, link));
        Assert.Equal((ada, "new@example.com"), await FindAsync(database, node, LinkPurpose.ConfirmNewAddress, link));
        // All of them have found it before the first uses it: whoever comes later finds nothing, and would prove nothing.
        var found = await database.ReadAsync(db => node.Links.FindAsync(db, LinkPurpose.ConfirmNewAddress, Secret(link)));
        var uses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.ReadAsync(db => node.Links.ConsumeAsync(db, found!))));

        Assert.Single(uses, used => used);
        Assert.Null(await FindAsync(database, node, LinkPurpose.ConfirmNewAddress, link));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Only_the_latest_counts_except_for_notices(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var node = MailNode.Idle(database);
        var (ada, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var purpose in Enum.GetValues<LinkPurpose>())
        {
            var first = await IssueAsync(database, node, purpose, ada);
            var bobs = await IssueAsync(database, node, purpose, bob);
            var second = await IssueAsync(database, node, purpose, ada);

            Assert.Equal(!purpose.LatestOnly(), await FindAsync(database, node, purpose, first) is not null);
            Assert.NotNull(await FindAsync(database, node, purpose, second));
            Assert.NotNull(await FindAsync(database, node, purpose, bobs));
        }

        Assert.Equal(["NotMe", "RestoreAddress"], Enum.GetValues<LinkPurpose>().Where(p => !p.LatestOnly()).Select(p => p.ToString()).Order());
    }

    [Fact]
    public async Task It_dies_in_time_serves_its_purpose_alone_and_stands_nowhere()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var node = MailNode.Idle(database);
        var link = await IssueAsync(database, node, LinkPurpose.ResetPassword, Guid.CreateVersion7());
        var secret = Secret(link);

        Assert.Equal(43, secret.Length);
        Assert.Null(await FindAsync(database, node, LinkPurpose.NotMe, link));
        Assert.DoesNotContain(secret, await database.ReadAsync(async db => System.Text.Json.JsonSerializer.Serialize(await db.Set<MailedLink>().ToListAsync())), StringComparison.Ordinal);
        node.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(await FindAsync(database, node, LinkPurpose.ResetPassword, link));
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await FindAsync(database, node, LinkPurpose.ResetPassword, link));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' OR 1=1 --'''''''''''''''''''''''''''''''''")]
    public async Task A_guess_finds_nothing(string? guess)
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var node = MailNode.Idle(database);
        await IssueAsync(database, node, LinkPurpose.ResetPassword, Guid.CreateVersion7());
        await using var db = database.Open();

        Assert.Null(await node.Links.FindAsync(db, LinkPurpose.ResetPassword, guess));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Nobody_floods_a_mailbox_with_what_anybody_can_ask_for(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var node = MailNode.Idle(database, ("Mail:AskedForPerHour", "3"));

        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => AskAsync(database, node, n % 2 == 0 ? "ada@example.com" : "ADA@example.com")));

        Assert.Equal(3, sent.Count(s => s));
        Assert.True(await AskAsync(database, node, "bob@example.com"));
        Assert.Equal(5, (await node.RowsAsync()).Count(m => m is { State: MailState.Withheld, Content: null }));
        node.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.True(await AskAsync(database, node, "ada@example.com"));
    }

    private static Task<bool> AskAsync(HubDatabase database, MailNode node, string address) => database.ReadAsync(db => IdentityHub.Data.HubTransaction.InTransactionAsync(db, async () =>
    {
        var allowed = await node.Queue.AllowsAsync(db, address);
        node.Queue.AddAskedFor(db, new Addressee(address), new Letter("ResetPassword", "then"), node.Clock.GetUtcNow().AddHours(1), allowed);
        await db.SaveChangesAsync();
        return allowed;
    }));

    private static Task<Link> IssueAsync(HubDatabase database, MailNode node, LinkPurpose purpose, Guid userId, string? data = null) => database.ReadAsync(async db =>
    {
        var link = await node.Links.IssueAsync(db, purpose, userId, data);
        await db.SaveChangesAsync();
        return link;
    });

    private static Task<(Guid, string?)?> FindAsync(HubDatabase database, MailNode node, LinkPurpose purpose, Link link) => database.ReadAsync(async db =>
        await node.Links.FindAsync(db, purpose, Secret(link)) is { } found ? (found.UserId, found.Data) : ((Guid, string?)?)null);

    private static string Secret(Link link) => QueryHelpers.ParseQuery(link.Address.Query)["link"].ToString();
}
