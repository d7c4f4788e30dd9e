using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdentityHub.Administration;

/// <summary>What a command says and how it ends: 0 done, 1 cannot start, 2 refused, 3 not found.</summary>
internal static class CommandAnswer
{
    public const int Done = 0;
    public const int Refused = 2;
    public const int NotFound = 3;

    // For terminals and programs, not for a page: letters of all languages stay what they are.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>One JSON value on one line.</summary>
    public static void Write(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Json));

    public static async Task<int> RefuseAsync(string message, int code = Refused)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }
}
