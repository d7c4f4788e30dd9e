using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdentityHub.Administration;

/// <summary>
/// How a word of the command line answers: to people in lines, to programs in JSON with the names and values that the API
/// has, and what it refuses on the other stream. It ends with 0 done, 2 refused, 3 not found; 1 is that it could not start.
/// </summary>
/// <param name="Output">What was asked for.</param>
/// <param name="Error">Why it was not done.</param>
/// <param name="Json">Whether a program asks.</param>
internal sealed record Spoken(TextWriter Output, TextWriter Error, bool Json)
{
    public const int Done = 0;
    public const int Refused = 2;
    public const int NotFound = 3;

    // For terminals and programs, not for a page: letters of all languages stay what they are.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Spoken Of(ParseResult parsed, Option<bool> json) =>
        new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, parsed.GetValue(json));

    public void Say(object line) => Output.WriteLine(line);

    /// <summary>One value on one line.</summary>
    public void Write(object value) => Output.WriteLine(JsonSerializer.Serialize(value, Options));

    /// <summary>Done, and said in the way it was asked for.</summary>
    public int Answer(object json, string line)
    {
        if (Json)
        {
            Write(json);
        }
        else
        {
            Say(line);
        }

        return Done;
    }

    public async Task<int> RefuseAsync(string sentence, int code = Refused)
    {
        await Error.WriteLineAsync(sentence);
        return code;
    }
}
