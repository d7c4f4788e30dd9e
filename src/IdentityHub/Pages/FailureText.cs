namespace IdentityHub.Pages;

/// <summary>The words for something that went wrong: what it is, and what a person can do about it.</summary>
/// <param name="Code">One word for programs and for the support desk.</param>
/// <param name="Title">What happened.</param>
/// <param name="Sentence">What to do.</param>
public sealed record FailureText(string Code, string Title, string Sentence)
{
    internal static readonly FailureText ExpiredForm = new(
        "form_expired",
        "This form is no longer valid",
        "It was open for too long, or your browser does not keep cookies for this site. Go back, reload the page and try again.");

    internal static FailureText Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => new("not_found", "There is nothing here", "The address may be mistyped, or the page has moved."),
        StatusCodes.Status405MethodNotAllowed => new("method_not_allowed", "That is not possible here", "The page exists, but not for this kind of request. Start again from the first page."),
        StatusCodes.Status413PayloadTooLarge => new("too_large", "That was too much", "What was sent is larger than this page accepts. Shorten it and try again."),
        StatusCodes.Status415UnsupportedMediaType => new("unsupported_media_type", "This request is not valid", "It must be a form in application/x-www-form-urlencoded and UTF-8."),
        StatusCodes.Status429TooManyRequests => new("too_many_requests", "Too many attempts", "Wait a moment, then try again."),
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => new("access_denied", "You may not see this", "Sign in with an account that may, or ask whoever sent you here."),
        >= 500 => new("server_error", "Something went wrong on our side", "Nothing you did caused this. Try again in a moment; if it happens again, give the support desk the number below."),
        _ => new("invalid_request", "This request is not valid", "The link may be incomplete or outdated. Go back to where you came from and start again."),
    };
}
