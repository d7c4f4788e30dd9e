namespace IdentityHub.Tests.Testing;

/// <summary>One way to run a server for the tests: an installed program, or a container.</summary>
internal interface IServerHost : IAsyncDisposable
{
    /// <summary>Starts it for the first time, or again on the same data and port, and waits until <paramref name="ready"/> says so.</summary>
    Task StartAsync(Func<Task<bool>> ready);

    /// <summary>As if the power went: no signal handler, no last write.</summary>
    Task KillAsync();

    /// <summary>What it has logged since it was last started.</summary>
    Task<string> LogAsync();

    /// <summary>Runs one of the server's own command line tools against it.</summary>
    Task<string> ToolAsync(string program, params IReadOnlyList<string> arguments);
}
