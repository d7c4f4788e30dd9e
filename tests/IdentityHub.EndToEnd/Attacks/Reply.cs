using System.Text.Json.Nodes;
using IdentityHub.EndToEnd.Faults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>What came back for one request.</summary>
internal sealed record Reply(Uri Address, int Status, Uri? Location, string Body, string? ContentType, ILookup<string, string> Headers)
{
    public static async Task<Reply> OfAsync(Uri address, HttpResponseMessage answer) => new(
        address,
        (int)answer.StatusCode,
        answer.Headers.Location is { } location ? new Uri(address, location) : null,
        await answer.Content.ReadAsStringAsync(),
        answer.Content.Headers.ContentType?.MediaType,
        answer.Headers.SelectMany(header => header.Value, (header, value) => (header.Key, value)).ToLookup(h => h.Key, h => h.value, StringComparer.OrdinalIgnoreCase));

    /// <summary>By 302 or 303; never 307 or 308, which would carry a posted password on (RFC 9700 §4.12).</summary>
    public bool Redirects => Status is 302 or 303;

    /// <summary>The response that goes to a relying party, or to the next page.</summary>
    public Dictionary<string, StringValues> Query => QueryHelpers.ParseQuery(Location?.Query);

    /// <summary>The OAuth error of the redirect, of the JSON or of the page.</summary>
    public string? Error => Query.TryGetValue("error", out var code) ? code.ToString()
        : Body.StartsWith('{') ? (string?)Json["error"]
        : HtmlForm.TextOf(Body, "error");

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public HtmlForm? Form(string elementId) => HtmlForm.Holding(Body, elementId);

    public bool Shows(string elementId) => Body.Contains($"id=\"{elementId}\"", StringComparison.Ordinal);

    public string? Header(string name) => Headers[name].SingleOrDefault();
}
