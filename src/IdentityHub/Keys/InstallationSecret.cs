using System.Security.Cryptography;
using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.Keys;

/// <summary>
/// What this installation knows and its database does not: the setting <c>Keys:Secret</c>, or a file that is made at
/// first use. A stolen database without it signs nothing.
/// </summary>
internal sealed class InstallationSecret
{
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
            Value = Read(file) ?? Create(file);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Hub:DataFolder is '{hub.Value.DataFolder}', where the key file hub.key can be neither read nor made ({ex.Message.TrimEnd('.')}); give the hub a folder it can write, or set Keys:Secret.");
        }
    }

    public byte[] Value { get; }

    private static byte[]? Read(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        return KeyOptions.TryDecode(File.ReadAllText(file), out var bytes) && bytes.Length >= KeyOptions.SecretBytes
            ? bytes
            : throw new SettingException($"The key file {file} is not base64 of {KeyOptions.SecretBytes} bytes or more; restore it from the backup.");
    }

    // Written beside and then given its name, which fails if another process was first: nobody ever reads half a secret.
    private static byte[] Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var own = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var secret = RandomNumberGenerator.GetBytes(KeyOptions.SecretBytes);
        try
        {
            using (var stream = new FileStream(own, OnlyForUs()))
            using (var writer = new StreamWriter(stream))
            {
                writer.WriteLine(Convert.ToBase64String(secret));
            }

            File.Move(own, file);
            return secret;
        }
        catch (IOException) when (File.Exists(file))
        {
            return Read(file)!;
        }
        finally
        {
            File.Delete(own);
        }
    }

    private static FileStreamOptions OnlyForUs()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
