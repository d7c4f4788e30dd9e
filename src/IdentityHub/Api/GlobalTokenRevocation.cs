using System.ComponentModel;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityHub.Api;

/// <summary>
/// <c>POST /global-token-revocation</c> (draft-parecki-oauth-global-token-revocation-05): a security tool names a person, and
/// everything of theirs ends.
/// </summary>
internal static class GlobalTokenRevocation
{
    public static void MapGlobalTokenRevocation(this WebApplication app) => app.MapPost("/global-token-revocation", PostAsync)
        .AddEndpointFilter<ApiAccess>()
        .Allows(Capability.EndSessions, "globalTokenRevocation", "Ends every session, grant and token of a person; they have to sign in again.")
        .WithTags("Global token revocation")
        .TakesBody<GlobalRevocation>().Produces(StatusCodes.Status204NoContent).MayRefuse(StatusCodes.Status404NotFound);

    private static async Task<IResult> PostAsync(
        HttpContext http, PersonActs acts, UserManager<User> users, HubDb db, AuditTrail audit, ApiLimits limits, IOptions<HubOptions> hub)
    {
        var caller = ApiCaller.Of(http);
        // The answer says whether there is an account, which a stolen credential could ask for many (§6).
        if (limits.LookUp(http, caller.ClientId) is { } tooMany)
        {
            return tooMany;
        }

        var (body, refusal) = await ApiJson.ReadAsync<GlobalRevocation>(http);
        if (refusal is not null)
        {
            return refusal;
        }

        // The name before draft 03.
        var (name, subject) = body!.SubId is null ? ("subject", body.Subject) : ("sub_id", body.SubId);
        if (subject is null || (body.SubId is not null && body.Subject is not null))
        {
            return ApiProblem.Member("sub_id", "sub_id is missing; name the person by it (RFC 9493), and by nothing else.");
        }

        if (subject.Refusal(name) is { } wrong)
        {
            return wrong;
        }

        if (await FindAsync(subject, users, hub.Value.Issuer) is not { } person || (await acts.EndAllAsync(person.Id, caller.Initiator)).Refusal is not null)
        {
            audit.Add(db, "global_token_revocation_unknown", caller.Initiator.Name, details: new { format = subject.Format });
            await db.SaveChangesAsync(CancellationToken.None);
            return ApiProblem.NotFound("There is no such person.");
        }

        return TypedResults.NoContent();
    }

    private static async Task<User?> FindAsync(SubjectIdentifier subject, UserManager<User> users, string issuer) => subject.Format switch
    {
        "email" => await users.FindByEmailAsync(subject.Email!),
        "opaque" => Guid.TryParse(subject.Id, out var id) ? await users.FindByIdAsync(id.ToString()) : null,
        // Of another issuer there is nobody here.
        _ => subject.Iss!.TrimEnd('/') == issuer && Guid.TryParse(subject.Sub, out var sub) ? await users.FindByIdAsync(sub.ToString()) : null,
    };
}

/// <summary>Whose everything ends.</summary>
internal sealed class GlobalRevocation
{
    [Description("The person (RFC 9493).")]
    [System.Text.Json.Serialization.JsonPropertyName("sub_id")]
    public SubjectIdentifier? SubId { get; init; }

    [Description("The same, as it was called before draft 03.")]
    public SubjectIdentifier? Subject { get; init; }
}

/// <summary>A subject identifier (RFC 9493 §3.2).</summary>
internal sealed class SubjectIdentifier
{
    private const int Longest = 320;

    [Description("email, opaque or iss_sub.")]
    public required string Format { get; init; }

    [Description("With email: the address the person signs in with.")]
    public string? Email { get; init; }

    [Description("With opaque: the sub of the hub's ID tokens.")]
    public string? Id { get; init; }

    [Description("With iss_sub: the issuer, which must be this hub.")]
    public string? Iss { get; init; }

    [Description("With iss_sub: the sub of the hub's ID tokens.")]
    public string? Sub { get; init; }

    internal IResult? Refusal(string name)
    {
        (string Name, string? Value)[]? members = Format switch
        {
            "email" => [("email", Email)],
            "opaque" => [("id", Id)],
            "iss_sub" => [("iss", Iss), ("sub", Sub)],
            _ => null,
        };
        if (members is null)
        {
            return ApiProblem.Member($"{name}.format", $"{name}.format is not one of email, opaque and iss_sub.");
        }

        return members.FirstOrDefault(m => string.IsNullOrEmpty(m.Value) || m.Value.Length > Longest) is { Name: { } missing }
            ? ApiProblem.Member($"{name}.{missing}", $"{name}.{missing} must be there with the format {Format}, and have at most {Longest} characters.")
            : null;
    }
}
