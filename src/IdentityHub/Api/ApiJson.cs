using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace IdentityHub.Api;

/// <summary>
/// Reads the body of a request strictly (ASVS 2.2.1): what is not known, not of its type or there twice is refused, and
/// the refusal names the member.
/// </summary>
internal static class ApiJson
{
    public const int LargestBody = 64 * 1024;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNameCaseInsensitive = false,
        MaxDepth = 16,
        Encoder = JavaScriptEncoder.Default,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static IResult TooLarge => ApiProblem.Of(
        StatusCodes.Status413PayloadTooLarge, "Content too large", $"The body is larger than {LargestBody} bytes.", new Dictionary<string, string[]> { ["body"] = [$"It may have {LargestBody} bytes."] });

    /// <summary>The body, or why it is refused.</summary>
    public static async Task<(T? Value, IResult? Refusal)> ReadAsync<T>(HttpContext http) where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            return (null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", "Send the body as application/json."));
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = Options.MaxDepth, AllowDuplicateProperties = false }, http.RequestAborted);
            return Read<T>(document.RootElement);
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, TooLarge);
        }
        catch (JsonException problem)
        {
            return (null, ApiProblem.Member(Named(problem, "uplicate propert") ?? "body", $"The body is no JSON that can be read: {problem.Message.Split(" Path:")[0]}"));
        }
    }

    private static (T?, IResult?) Read<T>(JsonElement body) where T : class
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            return (null, ApiProblem.Member("body", "The body must be a JSON object."));
        }

        var members = Options.GetTypeInfo(typeof(T)).Properties;
        var errors = body.EnumerateObject().Where(p => members.All(m => m.Name != p.Name))
            .ToDictionary(p => p.Name, p => new[] { $"{p.Name} is not known here; known are {string.Join(", ", members.Select(m => m.Name))}." });
        foreach (var missing in members.Where(m => m.IsRequired && !body.TryGetProperty(m.Name, out _)))
        {
            errors[missing.Name] = [$"{missing.Name} is missing."];
        }

        // A database that keeps text refuses NUL, and nobody has use for the others.
        foreach (var unreadable in body.EnumerateObject().Where(p => HasControls(p.Value)))
        {
            errors[unreadable.Name] = [$"{unreadable.Name} has a control character; leave it out."];
        }

        if (errors.Count > 0)
        {
            return (null, ApiProblem.Members(errors));
        }

        try
        {
            return (body.Deserialize<T>(Options), null);
        }
        catch (JsonException problem)
        {
            var name = string.Join('.', new[] { problem.Path?.TrimStart('$', '.'), Named(problem, "missing required") }.Where(part => !string.IsNullOrEmpty(part)));
            return (null, ApiProblem.Member(name, $"{name} is not of its type, which the description of the API at /api/v1/openapi.json gives."));
        }
    }

    private static bool HasControls(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Any(char.IsControl),
        JsonValueKind.Array => value.EnumerateArray().Any(HasControls),
        JsonValueKind.Object => value.EnumerateObject().Any(p => HasControls(p.Value)),
        _ => false,
    };

    // Only the message has the member.
    private static string? Named(JsonException problem, string what) =>
        problem.Message.Contains(what, StringComparison.Ordinal) && problem.Message.Split('\'') is { Length: > 2 } parts ? parts[^2] : null;
}
