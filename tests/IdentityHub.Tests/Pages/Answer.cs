using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace IdentityHub.Tests.Pages;

/// <summary>A response, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public string? Location => Headers.GetValueOrDefault("Location");

    /// <summary>The hidden field by which a form proves that it came from this page.</summary>
    public string? FormToken =>
        Regex.Match(Text, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"") is { Success: true } found ? found.Groups[1].Value : null;

    /// <summary>What the element with this id says.</summary>
    public string TextOf(string id) => Regex.Match(Text, $"<[^>]* id=\"{id}\"[^>]*>([^<]*)<") is { Success: true } found ? System.Net.WebUtility.HtmlDecode(found.Groups[1].Value) : throw new InvalidOperationException($"The page has no element {id}.");

    /// <summary>The value of the field with this name.</summary>
    public string ValueOf(string name) => Regex.Match(Text, $"name=\"{name}\" value=\"([^\"]*)\"") is { Success: true } found ? System.Net.WebUtility.HtmlDecode(found.Groups[1].Value) : throw new InvalidOperationException($"The page has no field {name}.");

    public static async Task<Answer> OfAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new(response.StatusCode, headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Shows(string html) => Assert.Contains(html, Text, StringComparison.Ordinal);

    public void Hides(string text) => Assert.DoesNotContain(text, Text, StringComparison.Ordinal);
}
