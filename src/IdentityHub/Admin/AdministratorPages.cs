using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary><c>/admin/administrators</c>: who is one, inviting another, changing and taking away a role.</summary>
internal static class AdministratorPages
{
    public const string InvitePath = $"{AdminPaths.Administrators}/invite";
    public const string RolePath = $"{AdminPaths.Administrators}/role";
    public const string RemovePath = $"{AdminPaths.Administrators}/remove";
    public const string WithdrawPath = $"{AdminPaths.Administrators}/withdraw";

    public static Task<RazorComponentResult<AdministratorsPage>> Get(
        [FromQuery] string? after, [FromQuery] string? invited, CurrentAdministrator administrator, AdministratorList administrators, Invitations invitations, CancellationToken cancel) =>
        PageAsync(new(), Guid.TryParse(after, out var cursor) ? cursor : null, administrator, administrators, invitations, cancel, invited: Guid.TryParse(invited, out var before) ? before : null);

    public static async Task<IResult> Invite(
        [FromForm(Name = "email")] string? typed, [FromForm(Name = "role")] string? roleName,
        CurrentAdministrator administrator, AdministratorList administrators, Invitations invitations, CancellationToken cancel)
    {
        var (email, role) = (typed?.Trim(), Capabilities.RoleOf(roleName));
        if ((NewAccount.EmailError(email) ?? (role is null ? PeopleTexts.RoleMissing : null)) is { } error)
        {
            return await PageAsync(new(email, role, error), null, administrator, administrators, invitations, cancel, StatusCodes.Status400BadRequest);
        }

        // Shown in this answer and never again: the hub keeps only the hash of its secret.
        var link = await invitations.InviteAsync(email!, role!.Value, Initiator.Administrator(administrator.UserId));
        return new RazorComponentResult<InvitedPage>(new { Email = email, Role = role.Value, Link = link.Address.AbsoluteUri, link.ExpiresAt });
    }

    public static async Task<IResult> SetRole(
        [FromForm(Name = "person")] string? person, [FromForm(Name = "role")] string? roleName,
        CurrentAdministrator administrator, AdministratorList administrators, Invitations invitations, CancellationToken cancel) =>
        Guid.TryParse(person, out var id) && Capabilities.RoleOf(roleName) is { } role
            ? await AnswerAsync(await administrators.SetAsync(id, role, Initiator.Administrator(administrator.UserId)), administrator, administrators, invitations, cancel)
            : TypedResults.NotFound();

    public static async Task<IResult> AskRemove([FromQuery] string? person, PersonDetails details, CancellationToken cancel) =>
        Guid.TryParse(person, out var id) && await details.FindAsync(id, cancel) is { Role: { } role } found
            ? new RazorComponentResult<RemoveAdministratorPage>(new { Person = found, Role = role })
            : TypedResults.NotFound();

    public static async Task<IResult> Remove(
        [FromForm(Name = "person")] string? person,
        CurrentAdministrator administrator, AdministratorList administrators, Invitations invitations, CancellationToken cancel) =>
        Guid.TryParse(person, out var id)
            ? await AnswerAsync(await administrators.SetAsync(id, null, Initiator.Administrator(administrator.UserId)), administrator, administrators, invitations, cancel)
            : TypedResults.NotFound();

    public static async Task<IResult> Withdraw([FromForm(Name = "invitation")] string? invitation, CurrentAdministrator administrator, Invitations invitations) =>
        Guid.TryParse(invitation, out var id) && await invitations.WithdrawAsync(id, Initiator.Administrator(administrator.UserId))
            ? SeeOther.To(AdminPaths.Administrators)
            : TypedResults.NotFound();

    private static async Task<IResult> AnswerAsync(
        PersonRefusal? refusal, CurrentAdministrator administrator, AdministratorList administrators, Invitations invitations, CancellationToken cancel) => refusal switch
        {
            PersonRefusal.NotThere => TypedResults.NotFound(),
            PersonRefusal.LastAdministrator => await PageAsync(
                new() { Refused = PeopleTexts.LastAdministrator }, null, administrator, administrators, invitations, cancel, StatusCodes.Status409Conflict),
            _ => SeeOther.To(AdminPaths.Administrators),
        };

    private static async Task<RazorComponentResult<AdministratorsPage>> PageAsync(
        AdministratorsPage.Form form, Guid? after, CurrentAdministrator administrator, AdministratorList administrators, Invitations invitations, CancellationToken cancel, int status = StatusCodes.Status200OK, Guid? invited = null)
    {
        var (page, waiting) = (await administrators.PageAsync(after, AdministratorList.PageSize, cancel), await invitations.PageAsync(invited, AdministratorList.PageSize, cancel));
        return new(new
        {
            Filled = form,
            page.Administrators,
            page.Next,
            First = after is null,
            NextInvited = waiting.Next,
            Waiting = waiting.Invitations.Select(i => new WaitingInvitation(i.Id, i.Email, i.Role, i.Initiator, i.ExpiresAt)).ToList(),
            MayChange = administrator.Can(Capability.ManageAdministrators),
            Self = administrator.UserId,
        })
        { StatusCode = status };
    }
}

/// <param name="Id">Which.</param>
/// <param name="Email">For whom.</param>
/// <param name="Role">What it makes them.</param>
/// <param name="By">Who invited, as the audit names it.</param>
/// <param name="ExpiresAt">Until when it can be followed.</param>
public sealed record WaitingInvitation(Guid Id, string Email, AdminRole Role, string By, DateTimeOffset ExpiresAt);
