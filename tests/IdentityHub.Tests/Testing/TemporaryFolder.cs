namespace IdentityHub.Tests.Testing;

/// <summary>A folder of its own, removed when disposed and also when the test process dies without disposing.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("identityhub-").FullName;

    public TemporaryFolder() => Guardian.RemoveAfterwards(Path);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
