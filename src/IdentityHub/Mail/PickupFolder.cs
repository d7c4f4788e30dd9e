using System.Globalization;
using IdentityHub.Data;
using Microsoft.Extensions.Options;
using MimeKit;

namespace IdentityHub.Mail;

/// <summary>
/// Writes mails as <c>.eml</c> files, oldest first by name: for development, and for a mail server that picks them up.
/// They hold links, so the folder is its owner's alone.
/// </summary>
internal sealed class PickupFolder : IMailCarrier
{
    private readonly string _folder;

    public PickupFolder(IOptions<MailOptions> mail, IOptions<HubOptions> hub)
    {
        _folder = mail.Value.PickupFolder is { Length: > 0 } chosen ? System.IO.Path.GetFullPath(chosen) : System.IO.Path.Combine(hub.Value.DataFolder, "mail");
    }

    public string Path => _folder;

    public async Task<MailOutcome> CarryAsync(MimeMessage message, Guid id, DateTimeOffset createdAt, CancellationToken cancel)
    {
        try
        {
            CreateFolder();
            var name = string.Create(CultureInfo.InvariantCulture, $"{createdAt.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff}-{id:N}.eml");
            var (draft, final) = (System.IO.Path.Combine(_folder, $".{name}"), System.IO.Path.Combine(_folder, name));
            await using (var file = new FileStream(draft, Options()))
            {
                await message.WriteToAsync(file, cancel);
            }

            // Under its name at once and whole, for whoever watches the folder.
            File.Move(draft, final, overwrite: true);
            return new MailOutcome.Sent();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new MailOutcome.Retry($"the pickup folder cannot be written to ({problem.GetType().Name})");
        }
    }

    public Task RestAsync() => Task.CompletedTask;

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
