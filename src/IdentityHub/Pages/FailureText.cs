namespace IdentityHub.Pages;

/// <summary>The words for something that went wrong: what it is, and what a person can do about it.</summary>
/// <param name="Code">One word for programs and for the support desk.</param>
/// <param name="Title">What happened.</param>
/// <param name="Sentence">What to do.</param>
public sealed record FailureText(string Code, string Title, string Sentence)
{
    internal static FailureText ExpiredForm => new("form_expired", Texts.FailureFormExpired, Texts.FailureFormExpiredWhat);

    internal static FailureText Unreadable => new("invalid_request", Texts.FailureInvalidRequest, Texts.FailureUnreadableWhat);

    internal static FailureText Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => new("not_found", Texts.FailureNotFound, Texts.FailureNotFoundWhat),
        StatusCodes.Status405MethodNotAllowed => new("method_not_allowed", Texts.FailureMethodNotAllowed, Texts.FailureMethodNotAllowedWhat),
        StatusCodes.Status413PayloadTooLarge => new("too_large", Texts.FailureTooLarge, Texts.FailureTooLargeWhat),
        StatusCodes.Status415UnsupportedMediaType => new("unsupported_media_type", Texts.FailureInvalidRequest, Texts.FailureUnsupportedMediaTypeWhat),
        StatusCodes.Status429TooManyRequests => new("too_many_requests", Texts.FailureTooManyRequests, Texts.FailureTooManyRequestsWhat),
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => new("access_denied", Texts.FailureAccessDenied, Texts.FailureAccessDeniedWhat),
        >= 500 => new("server_error", Texts.FailureServerError, Texts.FailureServerErrorWhat),
        _ => new("invalid_request", Texts.FailureInvalidRequest, Texts.FailureInvalidRequestWhat),
    };
}
