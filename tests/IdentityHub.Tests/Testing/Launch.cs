namespace IdentityHub.Tests.Testing;

/// <summary>What to start: a program, its arguments, what it finds in its environment, and as whom.</summary>
internal sealed record Launch(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Names the log file.</summary>
    public string Name { get; init; } = Path.GetFileNameWithoutExtension(Program);

    /// <summary>Added to the inherited environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public string? WorkingFolder { get; init; }

    /// <summary>Written to standard input, which is then closed.</summary>
    public string Input { get; init; } = "";

    /// <summary>Another user to run as; only root can, and PostgreSQL must (it refuses to run as root).</summary>
    public string? User { get; init; }

    public static Launch Dotnet(string assembly, params IEnumerable<string> arguments) =>
        new(Installed.Require("dotnet", "dotnet-sdk-10.0"), [assembly, .. arguments]) { Name = Path.GetFileNameWithoutExtension(assembly) };
}
