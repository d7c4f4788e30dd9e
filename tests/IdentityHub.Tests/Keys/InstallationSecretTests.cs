using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Tests.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Keys;

public sealed class InstallationSecretTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_is_made_at_first_use_for_its_owner_alone_and_read_afterwards()
    {
        var first = Read();

        Assert.Equal(32, first.Length);
        Assert.Equal(first, Read());
        Assert.Equal(["hub.key"], Directory.GetFiles(_folder.Path).Select(file => Path.GetFileName(file)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("hub.key")));
        }
    }

    [Fact]
    public void Nodes_that_start_at_once_in_one_folder_get_one_secret()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = _folder.File($"{round}");
            var secrets = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => Convert.ToHexString(Read(folder))).ToHashSet();
            Assert.Single(secrets);
        }
    }

    [Fact]
    public void The_setting_comes_first_and_needs_no_file()
    {
        var secret = Enumerable.Range(0, 40).Select(i => (byte)i).ToArray();

        Assert.Equal(secret, Read(secret: Convert.ToBase64String(secret)));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_damaged_file_stops_the_start_and_is_left_alone()
    {
        File.WriteAllText(_folder.File("hub.key"), "c2hvcnQ=");

        var refusal = Assert.Throws<SettingException>(() => Read());

        Assert.Contains("is not base64 of 32 bytes or more; restore it from the backup.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("c2hvcnQ=", File.ReadAllText(_folder.File("hub.key")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_stops_the_start()
    {
        var file = _folder.File("a-file");
        File.WriteAllText(file, "");

        var refusal = Assert.Throws<SettingException>(() => Read(file));

        Assert.StartsWith($"Hub:DataFolder is '{file}', where the key file hub.key can be neither read nor made (", refusal.Message, StringComparison.Ordinal);
    }

    private byte[] Read(string? folder = null, string? secret = null) =>
        new InstallationSecret(Options.Create(new KeyOptions { Secret = secret }), Options.Create(new HubOptions { DataFolder = folder ?? _folder.Path })).Value;
}
