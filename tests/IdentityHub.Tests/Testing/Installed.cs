using System.Diagnostics;

namespace IdentityHub.Tests.Testing;

/// <summary>Programs of this machine that the tests start.</summary>
internal static class Installed
{
    /// <summary>Each of <paramref name="folders"/> first, then PATH; a folder may hold one <c>*</c>, and then the highest match wins.</summary>
    public static string? Find(string program, params IEnumerable<string> folders)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(Expand).Concat(path)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    public static string Require(string program, string debianPackage, params IEnumerable<string> folders) =>
        Find(program, folders) ?? throw new FileNotFoundException(
            $"These tests need the program '{program}' and found it neither on PATH{string.Concat(folders.Select(folder => $" nor in {folder}"))}. " +
            $"Install Debian's package '{debianPackage}' (infra/test does so when run as root), or start a Docker engine.");

    /// <summary>What a program prints on standard output, or null where it cannot be started or says no.</summary>
    public static string? Ask(string program, params IEnumerable<string> arguments)
    {
        if (Find(program) is not { } file)
        {
            return null;
        }

        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        errors.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? output : null;
    }

    private static IEnumerable<string> Expand(string folder)
    {
        var star = folder.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [folder];
        }

        var parent = folder[..star];
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent).OrderDescending(StringComparer.Ordinal).Select(each => each + folder[(star + 1)..])
            : [];
    }
}
