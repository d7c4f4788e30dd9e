using System.ComponentModel;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Persons;

namespace IdentityHub.Api;

/// <summary>Who is an administrator.</summary>
internal static class AdministratorsApi
{
    public static void MapAdministrators(this RouteGroupBuilder api)
    {
        var all = api.MapGroup("/administrators");
        all.MapGet("", ListAsync)
            .Allows(Capability.ManageAdministrators, "listAdministrators", "Who is an administrator.", "cursor", "limit").Answers<ApiPage<ApiAdministrator>>();
        all.MapPost("/invitations", InviteAsync)
            .Allows(Capability.ManageAdministrators, "inviteAdministrator", "Makes a link that gives somebody a role, once and within 24 hours. The answer is the only place that has it.")
            .TakesBody<ApiInvite>().Answers<ApiInvitation>(StatusCodes.Status201Created);
        all.MapGet("/invitations", InvitationsAsync)
            .Allows(Capability.ManageAdministrators, "listInvitations", "Invitations that wait to be followed, the latest first; never their links.", "cursor", "limit").Answers<ApiPage<ApiWaitingInvitation>>();
        all.MapDelete("/invitations/{id:guid}", async Task<IResult> (HttpContext http, Invitations invitations, Guid id) =>
                await invitations.WithdrawAsync(id, ApiCaller.Of(http).Initiator) ? TypedResults.NoContent() : ApiProblem.NotFound("There is no such invitation."))
            .Allows(Capability.ManageAdministrators, "withdrawInvitation", "Makes an invitation void.").MayRefuse(StatusCodes.Status404NotFound).Produces(StatusCodes.Status204NoContent);
        all.MapPut("/{person:guid}", SetAsync)
            .Allows(Capability.ManageAdministrators, "setAdministrator", "Gives a person this role and no other.")
            .TakesBody<ApiRole>().MayRefuse(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict).Produces(StatusCodes.Status204NoContent);
        all.MapDelete("/{person:guid}", async (HttpContext http, AdministratorList administrators, Guid person) => Answer(await administrators.SetAsync(person, null, ApiCaller.Of(http).Initiator)))
            .Allows(Capability.ManageAdministrators, "removeAdministrator", "Takes the role of a person away; the account stays.")
            .MayRefuse(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, AdministratorList administrators)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await administrators.PageAsync(place.AfterId, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Administrators.Select(a => new ApiAdministrator(a.Id, a.Name, a.Email, a.Role.Name(), a.SecondFactor, a.Disabled)), page.Next);
    }

    private static async Task<IResult> InvitationsAsync(HttpContext http, Invitations invitations)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await invitations.PageAsync(place.AfterId, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Invitations.Select(i => new ApiWaitingInvitation(i.Id, i.Email, i.Role.Name(), i.Initiator, i.ExpiresAt)), page.Next);
    }

    private static async Task<IResult> InviteAsync(HttpContext http, Invitations invitations)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ApiInvite>(http);
        if (refusal is not null)
        {
            return refusal;
        }

        if (NewAccount.EmailError(body!.Email) is { } wrong)
        {
            return ApiProblem.Member("email", wrong);
        }

        if (Capabilities.RoleOf(body.Role) is not { } role)
        {
            return NoRole(body.Role);
        }

        var link = await invitations.InviteAsync(body.Email, role, ApiCaller.Of(http).Initiator);
        return TypedResults.Created((string?)null, new ApiInvitation(link.Address, role.Name(), link.ExpiresAt));
    }

    private static async Task<IResult> SetAsync(HttpContext http, AdministratorList administrators, Guid person)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ApiRole>(http);
        return refusal ?? (Capabilities.RoleOf(body!.Role) is { } role
            ? Answer(await administrators.SetAsync(person, role, ApiCaller.Of(http).Initiator))
            : NoRole(body.Role));
    }

    private static IResult NoRole(string role) => ApiProblem.Member("role", $"role is '{role}'; it must be viewer, operator or administrator.");

    private static IResult Answer(PersonRefusal? refusal) => refusal switch
    {
        null => TypedResults.NoContent(),
        PersonRefusal.LastAdministrator => ApiProblem.Conflict("This is the last administrator. Make another one first."),
        PersonRefusal.AlreadySo => ApiProblem.NotFound("This person is no administrator."),
        _ => ApiProblem.NotFound("There is no such person."),
    };
}

/// <summary>An administrator.</summary>
/// <param name="Id">The person.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">Their address.</param>
/// <param name="Role">viewer, operator or administrator.</param>
/// <param name="SecondFactor">Whether they have what the administration opens with.</param>
/// <param name="Disabled">Whether the account signs nobody in.</param>
public sealed record ApiAdministrator(Guid Id, string Name, string Email, string Role, bool SecondFactor, bool Disabled);

/// <summary>Whom to invite.</summary>
internal sealed class ApiInvite
{
    [Description("The e-mail address, which the account has or will have.")]
    public required string Email { get; init; }

    [Description("viewer, operator or administrator.")]
    public required string Role { get; init; }
}

/// <param name="Link">To be passed on; not shown again.</param>
/// <param name="Role">What it gives.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record ApiInvitation(Uri Link, string Role, DateTimeOffset ExpiresAt);

/// <param name="Id">By which it is withdrawn.</param>
/// <param name="Email">For whom.</param>
/// <param name="Role">What it gives.</param>
/// <param name="Initiator">Who invited.</param>
/// <param name="ExpiresAt">Until when it can be followed.</param>
public sealed record ApiWaitingInvitation(Guid Id, string Email, string Role, string Initiator, DateTimeOffset ExpiresAt);

/// <summary>A role.</summary>
internal sealed class ApiRole
{
    [Description("viewer, operator or administrator.")]
    public required string Role { get; init; }
}
