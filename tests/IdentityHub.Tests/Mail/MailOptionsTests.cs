using IdentityHub.Mail;
using Xunit;

namespace IdentityHub.Tests.Mail;

public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("", false, null)]
    [InlineData("From=id@example.com", false, null)]
    [InlineData("Host=smtp.example.com;From=Example <id@example.com>;UserName=u;Password=p", false, null)]
    [InlineData("Host=smtp.example.com;From=id@example.com;Security=None", true, null)]
    [InlineData("Host=127.0.0.1;From=id@example.com;Security=None", false, null)]
    [InlineData("Host=smtp.example.com;From=id@example.com;Security=None", false, "Mail:Smtp:Security is None; links to reset passwords would travel in clear text.")]
    [InlineData("Host=localhost;From=id@example.com;Security=None;UserName=u;Password=p", true, "Mail:Smtp:Security is None with a user name; the password would travel in clear text.")]
    [InlineData("Host=smtp.example.com", false, "Mail:From is missing;")]
    [InlineData("From=nobody", false, "Mail:From is 'nobody'; it must be one address")]
    [InlineData("From=a@example.com, b@example.com", false, "Mail:From is 'a@example.com, b@example.com'; it must be one address")]
    [InlineData("Host=smtp://example.com;From=id@example.com", false, "Mail:Smtp:Host is 'smtp://example.com'; it must be a host name")]
    [InlineData("Host=smtp.example.com;From=id@example.com;Port=0", false, "Mail:Smtp:Port is 0;")]
    [InlineData("Host=smtp.example.com;From=id@example.com;UserName=u", false, "Mail:Smtp:UserName and Mail:Smtp:Password belong together;")]
    [InlineData("UserName=u;Password=p", false, "Mail:Smtp has settings but no Mail:Smtp:Host;")]
    [InlineData("Host=smtp.example.com;From=id@example.com;Timeout=00:02:00", false, "Mail:Smtp:Timeout is 00:02:00; it must be between 00:00:01 and 00:01:00.")]
    public void It_says_what_is_wrong_and_what_to_do(string settings, bool development, string? refusal)
    {
        var given = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]);
        var options = new MailOptions
        {
            From = given.GetValueOrDefault("From"),
            Smtp = new SmtpOptions
            {
                Host = given.GetValueOrDefault("Host"),
                Port = given.TryGetValue("Port", out var port) ? int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) : null,
                UserName = given.GetValueOrDefault("UserName"),
                Password = given.GetValueOrDefault("Password"),
                Security = Enum.Parse<SmtpSecurity>(given.GetValueOrDefault("Security", "StartTls")),
                Timeout = TimeSpan.Parse(given.GetValueOrDefault("Timeout", "00:00:10"), System.Globalization.CultureInfo.InvariantCulture),
            },
        };

        var said = options.Refusal(development);

        Assert.True(refusal is null ? said is null : said?.StartsWith(refusal, StringComparison.Ordinal) is true, said);
    }

    [Fact]
    public void Bounds_are_said()
    {
        Assert.Equal("Mail:AskedForPerHour is 0; it must be between 1 and 100.", new MailOptions { AskedForPerHour = 0 }.Refusal(false));
        Assert.Equal("Mail:GiveUpAfter is 00:00:01; it must be between 00:01:00 and 7.00:00:00.", new MailOptions { GiveUpAfter = TimeSpan.FromSeconds(1) }.Refusal(false));
        Assert.Equal("Mail:KeepSettled is 00:00:01; it must be between 01:00:00 and 90.00:00:00.", new MailOptions { KeepSettled = TimeSpan.FromSeconds(1) }.Refusal(false));
        Assert.Equal("Links:ResetPassword is 2.00:00:00; it must be between 00:05:00 and 1.00:00:00.", new LinkOptions { ResetPassword = TimeSpan.FromDays(2) }.Refusal());
        Assert.Null(new LinkOptions().Refusal());
    }

    [Theory]
    [InlineData("StartTls", 587)]
    [InlineData("Tls", 465)]
    [InlineData("None", 25)]
    public void Each_way_has_its_usual_port(string security, int port) => Assert.Equal(port, new SmtpOptions { Security = Enum.Parse<SmtpSecurity>(security) }.PortOrDefault);
}
