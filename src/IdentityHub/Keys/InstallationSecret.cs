using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.Keys;

/// <summary>
/// What this installation knows and its database does not: the setting <c>Keys:Secret</c>, or a file that is made at
/// first use. A stolen database without it signs nothing.
/// </summary>
internal sealed class InstallationSecret
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public InstallationSecret(IOptions<KeyOptions> options, IOptions<HubOptions> hub)
    {
        if (options.Value.Secret is { Length: > 0 } setting)
        {
            KeyOptions.TryDecode(setting, out var bytes);
            Value = bytes;
            return;
        }

        var file = Path.Combine(hub.Value.DataFolder, "hub.key");
        try
        {
            Directory.CreateDirectory(hub.Value.DataFolder);
            Value = ReadOrCreate(file);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Hub:DataFolder is '{hub.Value.DataFolder}', where the key file hub.key can be neither read nor made ({ex.Message.TrimEnd('.')}); give the hub a folder it can write, or set Keys:Secret.");
        }
    }

    public byte[] Value { get; }

    private static byte[] ReadOrCreate(string file)
    {
        using var stream = OpenAlone(file);
        if (stream.Length == 0)
        {
            var secret = RandomNumberGenerator.GetBytes(KeyOptions.SecretBytes);
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(secret) + "\n"));
            stream.Flush(flushToDisk: true);
            return secret;
        }

        using var reader = new StreamReader(stream);
        return KeyOptions.TryDecode(reader.ReadToEnd(), out var bytes) && bytes.Length >= KeyOptions.SecretBytes
            ? bytes
            : throw new SettingException($"The key file {file} is not base64 of {KeyOptions.SecretBytes} bytes or more; restore it from the backup.");
    }

    // The lock on the file decides between processes that start at once, and is gone with a process that died: whoever
    // holds it finds the file empty and fills it, or complete. Moving a finished file into place would not do: the
    // framework looks for the target first and renames afterwards.
    private static FileStream OpenAlone(string file)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file, OnlyForUs(file));
            }
            catch (IOException) when (File.Exists(file) && Stopwatch.GetElapsedTime(started) < Patience)
            {
                Thread.Sleep(5);
            }
        }
    }

    // A secret that is mounted read-only is only read.
    private static FileStreamOptions OnlyForUs(string file)
    {
        var filled = new FileInfo(file) is { Exists: true, Length: > 0 };
        var options = new FileStreamOptions
        {
            Mode = filled ? FileMode.Open : FileMode.OpenOrCreate,
            Access = filled ? FileAccess.Read : FileAccess.ReadWrite,
            Share = filled ? FileShare.Read : FileShare.None,
        };
        if (!filled && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
