using System.Globalization;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;
using Xunit;

namespace IdentityHub.Tests.Mail;

public sealed class MailSenderTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task What_was_committed_arrives_and_is_forgotten(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var server = SmtpServer.Start();
        await using var node = await MailNode.StartAsync(database, null, Smtp(server));
        var notMe = new Uri("https://id.example.com/not-me?link=secret");

        await node.QueueAsync(letter: new Letter("PasswordChanged", "<b>today</b>") { NotMe = notMe });

        var message = await TakenAsync(server);
        Assert.Equal("Your password at IdentityHub was changed", message.Subject);
        Assert.Equal(("ada@example.com", "id@example.com", "IdentityHub"), (message.To.Mailboxes.Single().Address, message.From.Mailboxes.Single().Address, message.From.Mailboxes.Single().Name));
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Contains("The password of your account at IdentityHub was changed on <b>today</b>.", message.TextBody, StringComparison.Ordinal);
        Assert.Contains("Hello Ada,", message.TextBody, StringComparison.Ordinal);
        Assert.Contains(notMe.AbsoluteUri, message.TextBody, StringComparison.Ordinal);
        Assert.Contains("was changed on &lt;b&gt;today&lt;/b&gt;.", message.HtmlBody, StringComparison.Ordinal);
        Assert.Contains($"href=\"{notMe.AbsoluteUri}\"", message.HtmlBody, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await node.RowsAsync()).Single() is { State: MailState.Sent, Content: null, Attempts: 1 }, Soon, "the row says so");
        Assert.Equal($"{(await node.RowsAsync()).Single().Id:N}@id.example.com", message.MessageId);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_was_rolled_back_is_not_sent(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var server = SmtpServer.Start();
        await using var node = await MailNode.StartAsync(database, null, Smtp(server));

        await using (var db = database.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            node.Queue.AddNotice(db, new Addressee("rolled@back.example"), new Letter("PasswordChanged", "today"));
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        await node.QueueAsync("committed@example.com");

        Assert.Equal("committed@example.com", (await TakenAsync(server)).To.Mailboxes.Single().Address);
        await Eventually.TrueAsync(async () => (await node.RowsAsync()).All(m => m.State is MailState.Sent), Soon, "all is sent");
        Assert.Single(server.Taken);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_server_that_is_busy_is_tried_again_and_nothing_of_what_it_says_is_logged(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var server = SmtpServer.Start();
        await using var node = await MailNode.StartAsync(database, null, Smtp(server));
        server.ToRecipient = "451 4.3.0 <ada@example.com> later, please";

        await node.QueueAsync();
        await Eventually.TrueAsync(async () => (await node.RowsAsync()).Single().Attempts == 1, Soon, "a first attempt");
        server.ToRecipient = "250 Ok";

        await Eventually.TrueAsync(
            () =>
            {
                node.Clock.Advance(TimeSpan.FromSeconds(2));
                return !server.Taken.IsEmpty;
            },
            Soon, "it arrives");
        Assert.Contains(node.Log.Lines, l => l.Contains("SMTP 451", StringComparison.Ordinal));
        NothingOfTheAddress(node);
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_not_tried_again()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var server = SmtpServer.Start();
        await using var node = await MailNode.StartAsync(database, null, Smtp(server));
        server.ToRecipient = "550 5.1.1 <ada@example.com> nobody here";

        await node.QueueAsync();

        await Eventually.TrueAsync(async () => (await node.RowsAsync()).Single() is { State: MailState.Refused, Content: null }, Soon, "it is over");
        // The row first, the line after it.
        await Eventually.TrueAsync(() => node.Log.Lines.Any(l => l.Contains("is refused for good (SMTP 550", StringComparison.Ordinal)), Soon, "it is said");
        NothingOfTheAddress(node);
    }

    [Fact]
    public async Task A_mail_of_no_use_any_more_is_given_up()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var server = SmtpServer.Start();
        await using var node = await MailNode.StartAsync(database, null, [.. Smtp(server), ("Mail:GiveUpAfter", "00:01:00")]);
        server.ToMessage = "451 4.3.0 later";

        await node.QueueAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                node.Clock.Advance(TimeSpan.FromSeconds(5));
                return (await node.RowsAsync()).Single() is { State: MailState.GivenUp, Content: null };
            },
            Soon, "it is given up");
        Assert.Empty(server.Taken);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_a_dead_node_had_claimed_is_sent_when_its_claim_has_run_out(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var server = SmtpServer.Start();
        await using (var idle = MailNode.Idle(database))
        {
            await idle.QueueAsync("dead@example.com");
            var now = idle.Clock.GetUtcNow();
            await using var db = database.Open();
            Assert.Single(await DueMails.ClaimAsync(db, 5, now, now.AddMinutes(6)));
            Assert.Empty(await DueMails.ClaimAsync(db, 5, now, now.AddMinutes(6)));
        }

        await using var node = await MailNode.StartAsync(database, null, Smtp(server));
        await node.QueueAsync("other@example.com");
        await TakenAsync(server);
        Assert.Equal("other@example.com", server.Taken.Single().To.Mailboxes.Single().Address);
        await Eventually.TrueAsync(async () => (await node.RowsAsync()).Count(row => row.State is MailState.Sent) == 1, Soon, "its row tells");

        // Once beyond the claim, and then from look to look: the time within which a mail is of use must not pass meanwhile.
        node.Clock.Advance(TimeSpan.FromMinutes(7));
        await Eventually.TrueAsync(
            () =>
            {
                node.Clock.Advance(TimeSpan.FromSeconds(2));
                return server.Taken.Count == 2;
            },
            Soon, "the other mail too");
        Assert.Contains(server.Taken, mail => mail.To.Mailboxes.Single().Address == "dead@example.com");
    }

    [Fact]
    public async Task With_TLS_the_password_and_the_mail_go_encrypted()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var server = SmtpServer.Start(tls: true);
        (string, string)[] settings = [.. Smtp(server, "StartTls"), ("Mail:Smtp:UserName", "the-user"), ("Mail:Smtp:Password", "the-secret-word")];
        await using var node = await MailNode.StartAsync(database, Trusting(server), settings);

        await node.QueueAsync();

        await TakenAsync(server);
        Assert.Contains(server.Said, s => s.Line.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
        Assert.All(server.Said, s => Assert.True(s.Encrypted || s.Line.StartsWith("EHLO", StringComparison.Ordinal) || s.Line == "STARTTLS", s.Line));
        Assert.DoesNotContain(node.Log.Lines, l => l.Contains("the-secret-word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "SslHandshakeException")]
    [InlineData(false, "NotSupportedException")]
    public async Task Without_a_certificate_to_trust_or_without_TLS_nothing_is_sent(bool tls, string why)
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var server = SmtpServer.Start(tls);
        await using var node = await MailNode.StartAsync(database, null, Smtp(server, "StartTls"));

        await node.QueueAsync();

        await Eventually.TrueAsync(() => node.Log.Lines.Any(l => l.Contains($"was not sent at attempt 1 ({why})", StringComparison.Ordinal)), Soon, "it is refused", () => string.Join('\n', node.Log.Lines));
        Assert.DoesNotContain(server.Said, s => s.Line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_mail_server_it_lies_in_the_pickup_folder_for_its_owner_alone()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var node = await MailNode.StartAsync(database, null);

        await node.QueueAsync();

        await Eventually.TrueAsync(async () => (await node.RowsAsync()).Single().State is MailState.Sent, Soon, "it is sent");
        var file = Directory.GetFiles(node.Folder).Single();
        Assert.EndsWith(".eml", file, StringComparison.Ordinal);
        var message = await MimeMessage.LoadAsync(file);
        Assert.Equal(("ada@example.com", "no-reply@id.example.com"), (message.To.Mailboxes.Single().Address, message.From.Mailboxes.Single().Address));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(node.Folder));
        }
    }

    [Fact]
    public async Task What_waits_is_sealed_and_what_is_old_is_forgotten()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var node = MailNode.Idle(database);
        await node.QueueAsync();

        var content = (await node.RowsAsync()).Single().Content!;
        Assert.DoesNotContain("ada@example.com", System.Text.Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        Assert.DoesNotContain("password", System.Text.Encoding.Latin1.GetString(content), StringComparison.Ordinal);

        var now = node.Clock.GetUtcNow();
        await database.ReadAsync(db => db.Set<QueuedMail>().ExecuteUpdateAsync(m => m.SetProperty(x => x.State, MailState.Sent).SetProperty(x => x.SettledAt, now)));
        await using (var db = database.Open())
        {
            await node.Links.IssueAsync(db, LinkPurpose.ResetPassword, Guid.CreateVersion7());
            await db.SaveChangesAsync();
        }

        Assert.Equal(0, await node.ForgetAsync());
        node.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(2, await node.ForgetAsync());
    }

    private static (string, string)[] Smtp(SmtpServer server, string security = "None") =>
    [
        ("Mail:From", "id@example.com"), ("Mail:Smtp:Host", "localhost"),
        ("Mail:Smtp:Port", server.Port.ToString(CultureInfo.InvariantCulture)), ("Mail:Smtp:Security", security),
    ];

    private static Action<IServiceCollection> Trusting(SmtpServer server) => services => services.AddSingleton<IMailCarrier>(provider => new SmtpCarrier(
        provider.GetRequiredService<IOptions<MailOptions>>(), provider.GetRequiredService<IOptions<HubOptions>>(),
        (_, certificate, _, _) => certificate?.GetCertHashString() == server.Thumbprint));

    private static async Task<MimeMessage> TakenAsync(SmtpServer server)
    {
        await Eventually.TrueAsync(() => !server.Taken.IsEmpty, Soon, "a mail arrives");
        return server.Taken.First();
    }

    private static void NothingOfTheAddress(MailNode node) =>
        Assert.DoesNotContain(node.Log.Lines, l => l.Contains("ada@", StringComparison.Ordinal));
}
