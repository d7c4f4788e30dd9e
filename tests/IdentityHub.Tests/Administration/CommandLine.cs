using System.CommandLine;
using IdentityHub.Tests.Account;

namespace IdentityHub.Tests.Administration;

/// <summary>Words of the command line against a hub in this process.</summary>
internal static class CommandLine
{
    /// <param name="hub">The installation.</param>
    /// <param name="create">The class of the command.</param>
    /// <param name="words">What stands behind it.</param>
    public static async Task<Ran> RunAsync(
        StartedHub hub, Func<Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>>, Command> create, params string[] words)
    {
        var command = create((act, cancel) => hub.ServiceAsync<IServiceProvider, int>(services => act(services, cancel)));
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await command.Parse(words).InvokeAsync(new() { Output = output, Error = error });
        return new(code, output.ToString(), error.ToString());
    }
}

/// <param name="Code">0 done, 2 refused, 3 not found.</param>
/// <param name="Output">What it answered.</param>
/// <param name="Error">Why it refused.</param>
internal sealed record Ran(int Code, string Output, string Error);
