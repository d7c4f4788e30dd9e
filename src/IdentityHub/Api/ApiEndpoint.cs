using IdentityHub.Access;
using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>What every endpoint of the API says of itself.</summary>
internal static class ApiEndpoint
{
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="capability">What it needs.</param>
    /// <param name="name">Its <c>operationId</c>, which generated clients are built on.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="query">The parameters it takes in its address.</param>
    public static RouteHandlerBuilder Allows(this RouteHandlerBuilder endpoint, Capability capability, string name, string summary, params string[] query) => endpoint
        .WithMetadata(new NeedsCapability(capability), new ApiQuery(query))
        .WithName(name).WithSummary(summary)
        .Produces<ApiProblem>(StatusCodes.Status400BadRequest, ApiProblem.ContentType)
        .Produces<ApiProblem>(StatusCodes.Status401Unauthorized, ApiProblem.ContentType)
        .Produces<ApiProblem>(StatusCodes.Status403Forbidden, ApiProblem.ContentType)
        .Produces<ApiProblem>(StatusCodes.Status429TooManyRequests, ApiProblem.ContentType);

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK, string contentType = "application/json") =>
        endpoint.Produces<T>(status, contentType);

    public static RouteHandlerBuilder MayRefuse(this RouteHandlerBuilder endpoint, params int[] statuses) =>
        statuses.Aggregate(endpoint, (e, status) => e.Produces<ApiProblem>(status, ApiProblem.ContentType));

    // Not as the framework says it: then routing would answer 415 before anybody has asked for a token.
    public static RouteHandlerBuilder TakesBody<T>(this RouteHandlerBuilder endpoint) where T : notnull =>
        endpoint.WithMetadata(new ApiBody(typeof(T))).MayRefuse(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Done once, however often it is sent with the same key.</summary>
    public static RouteHandlerBuilder OnceByKey(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new IsOnceByKey()).AddEndpointFilter<Idempotency>().MayRefuse(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status422UnprocessableEntity);
}

/// <summary>For the description of the API.</summary>
internal sealed record IsOnceByKey;

/// <summary>For the description of the API: what the body is.</summary>
internal sealed record ApiBody(Type Type);

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The <c>cursor</c> of the next page; absent on the last.</param>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What an act ended.</summary>
/// <param name="Revocation">The act, whose outcomes <c>/api/v1/revocations/{id}</c> has; absent when nothing was live.</param>
/// <param name="Sessions">How many sessions ended.</param>
/// <param name="Deliveries">How many logout tokens applications are sent.</param>
public sealed record ApiEnded(Guid? Revocation, int Sessions, int Deliveries)
{
    internal static ApiEnded Of(Ended ended) => new(ended.RevocationId == Guid.Empty ? null : ended.RevocationId, ended.Sessions, ended.RelyingParties);
}
