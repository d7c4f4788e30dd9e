namespace IdentityHub.Api;

/// <summary>What is wrong with a request, as RFC 9457 has it.</summary>
/// <param name="Type">Always <c>about:blank</c>: the status says what kind it is.</param>
/// <param name="Title">What kind of problem, in a few words.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
/// <param name="Errors">The same member by member; absent where no member is to blame.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors = null)
{
    internal const string ContentType = "application/problem+json";

    internal static IResult Of(int status, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        TypedResults.Json(new ApiProblem("about:blank", title, status, detail, errors), ApiJson.Options, ContentType, status);

    /// <summary>400: a member of the request cannot be what it is.</summary>
    internal static IResult Member(string name, string what) => Members(new Dictionary<string, string[]> { [name] = [what] });

    internal static IResult Members(IReadOnlyDictionary<string, string[]> errors) =>
        Of(StatusCodes.Status400BadRequest, "Bad request", string.Join(" ", errors.SelectMany(e => e.Value)), errors);

    internal static IResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "Not found", what);

    internal static IResult Conflict(string what) => Of(StatusCodes.Status409Conflict, "Conflict", what);
}
