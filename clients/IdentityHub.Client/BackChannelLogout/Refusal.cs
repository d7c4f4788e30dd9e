using System.Text.Json.Serialization;

namespace IdentityHub.Client.BackChannelLogout;

/// <summary>The body of a refused logout request (Back-Channel Logout §2.8). For people who debug; no logic hangs on it.</summary>
internal sealed record Refusal(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description);

[JsonSerializable(typeof(Refusal))]
internal sealed partial class RefusalJson : JsonSerializerContext;
