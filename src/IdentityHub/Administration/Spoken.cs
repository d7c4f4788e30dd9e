using System.CommandLine;
using System.Text.Json;

namespace IdentityHub.Administration;

/// <summary>How a word of the command line answers: to people in lines, to programs in JSON, and what it refuses on the other stream.</summary>
/// <param name="Output">What was asked for.</param>
/// <param name="Error">Why it was not done.</param>
/// <param name="Json">Whether a program asks.</param>
internal sealed record Spoken(TextWriter Output, TextWriter Error, bool Json)
{
    public static Spoken Of(ParseResult parsed, Option<bool> json) =>
        new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, parsed.GetValue(json));

    public void Say(object line) => Output.WriteLine(line);

    public void Write(object value) => Output.WriteLine(JsonSerializer.Serialize(value, JsonSerializerOptions.Web));

    public Task ComplainAsync(string sentence) => Error.WriteLineAsync(sentence);

    /// <summary>Exit code 2: refused.</summary>
    public async Task<int> RefuseAsync(string sentence)
    {
        await ComplainAsync(sentence);
        return 2;
    }
}
