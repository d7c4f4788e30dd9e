namespace IdentityHub.Tests.Testing;

/// <summary>Where the checkout that these tests were built from lies, and where they may write.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Logs and screenshots. Ignored by git; kept after the run, so that a failure can be read.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(Root, "artifacts")).FullName;

    public static string LogFile(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Artifacts, "logs", $"{AppDomain.CurrentDomain.FriendlyName}-{Environment.ProcessId}"));
        return Path.Combine(folder.FullName, $"{name}-{Interlocked.Increment(ref _logs)}.log");
    }

    private static int _logs;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IdentityHub.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No IdentityHub.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
