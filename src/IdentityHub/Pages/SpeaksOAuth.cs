namespace IdentityHub.Pages;

/// <summary>
/// Marks a request to an endpoint that only OAuth clients call. What goes wrong there before or beside the protocol's
/// own validation, a form that nobody can read or a database that is away, is still said in the words of RFC 6749 §5.2.
/// </summary>
internal sealed class SpeaksOAuth
{
    internal static readonly SpeaksOAuth Mark = new();

    /// <summary>The members of the answer. §5.2 has no code for a failing server; those of §4.1.2.1 are what clients know.</summary>
    internal static Dictionary<string, string> Error(int status, FailureText text, string requestId) => new()
    {
        ["error"] = status switch
        {
            StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
            >= 500 => "server_error",
            _ => "invalid_request",
        },
        ["error_description"] = $"{text.Title}. {text.Sentence} ({requestId})",
    };
}
