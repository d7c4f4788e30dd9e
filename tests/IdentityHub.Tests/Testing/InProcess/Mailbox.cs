using System.Text.RegularExpressions;
using MimeKit;

namespace IdentityHub.Tests.Testing.InProcess;

/// <summary>The mails of a hub without a mail server, as they lie in the pickup folder of its data folder.</summary>
internal sealed partial class Mailbox(string dataFolder)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private string Folder => Path.Combine(dataFolder, "mail");

    /// <summary>The mails to this address, oldest first.</summary>
    public async Task<IReadOnlyList<MimeMessage>> ToAsync(string address)
    {
        List<MimeMessage> mails = [];
        foreach (var file in Directory.Exists(Folder) ? Directory.GetFiles(Folder, "2*.eml").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var mail = await MimeMessage.LoadAsync(file);
            if (mail.To.Mailboxes.Single().Address.Equals(address, StringComparison.OrdinalIgnoreCase))
            {
                mails.Add(mail);
            }
        }

        return mails;
    }

    /// <summary>Waits for mails with this in the subject to this address, and takes the last.</summary>
    public Task<MimeMessage> WaitAsync(string address, string subject, int count = 1) => Eventually.ValueAsync(
        async () => (await ToAsync(address)).Where(m => m.Subject!.Contains(subject, StringComparison.Ordinal)).ToList() is { } found && found.Count >= count ? found[^1] : null,
        Soon, $"{count} mail(s) \"{subject}\" arrive");

    /// <summary>Waits for a mail to this address with a link to this page, in whatever language, and takes the link of the last.</summary>
    public async Task<string> LinkAsync(string address, string path)
    {
        bool Leads(MimeMessage mail) => Links().Matches(mail.TextBody!).Any(m => new Uri(m.Value).AbsolutePath == path);
        return Link(await Eventually.ValueAsync(async () => (await ToAsync(address)).LastOrDefault(Leads), Soon, $"a mail with a link to {path} arrives"), path);
    }

    /// <summary>The path and query of the link in the mail that leads to this page.</summary>
    public static string Link(MimeMessage mail, string path) =>
        Links().Matches(mail.TextBody!).Select(m => new Uri(m.Value)).Single(link => link.AbsolutePath == path).PathAndQuery;

    /// <summary>The secret in such a link.</summary>
    public static string Secret(string link) => link[(link.IndexOf("link=", StringComparison.Ordinal) + 5)..];

    [GeneratedRegex(@"https?://\S+\?link=\S+")]
    private static partial Regex Links();
}
