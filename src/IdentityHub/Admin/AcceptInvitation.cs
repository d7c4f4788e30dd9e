using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary>
/// <c>/admin/invitation</c>: somebody becomes an administrator by the link they were given. Who has no account makes one
/// here; who has one is signed in to it, a moment ago. Then comes the second factor, and the administration opens.
/// </summary>
internal static class AcceptInvitation
{
    public static async Task<IResult> Get([FromQuery] string? link, CurrentSession? session, Invitations invitations, CancellationToken cancel) =>
        await invitations.FindAsync(link, cancel) is { } invited ? Page(Form(link!, invited, session), StatusCodes.Status200OK) : Gone();

    public static async Task<IResult> Post(
        [AsParameters] AcceptInvitationForm form, CurrentSession? session, Invitations invitations, PasswordRules rules, RecentAuthentication recent, CancellationToken cancel)
    {
        if (await invitations.FindAsync(form.Link, cancel) is not { } invited)
        {
            return Gone();
        }

        var shown = Form(form.Link!, invited, session);
        return shown.Step switch
        {
            InvitationStep.NewAccount => await NewAccountAsync(invited, shown with { Name = form.Name?.Trim() }, form.Password, invitations, rules),
            // A copied cookie and a link that lay about are not enough.
            InvitationStep.Accept when recent.Detour(session, Invitations.PathOf(form.Link!)) is { } detour => detour,
            InvitationStep.Accept => await invitations.AcceptAsync(invited, session!.UserId) ? SeeOther.To(AdminAccess.SecondFactorPath) : Gone(),
            _ => Page(shown, StatusCodes.Status409Conflict),
        };
    }

    private static async Task<IResult> NewAccountAsync(Invited invited, InvitationPage.Form shown, string? password, Invitations invitations, PasswordRules rules)
    {
        shown = shown with { NameError = NewAccount.NameError(shown.Name), PasswordError = rules.Error(password, shown.Name, shown.Email) };
        if (shown.Failed)
        {
            return Page(shown, StatusCodes.Status400BadRequest);
        }

        // The session begins where every session begins: at the sign-in.
        return await invitations.AcceptAsync(invited, shown.Name!, password!) is not null
            ? SeeOther.To(ReturnUrl.Through("/sign-in", AdminAccess.SecondFactorPath))
            : Gone();
    }

    private static InvitationPage.Form Form(string link, Invited invited, CurrentSession? session)
    {
        var step = (session, invited.Owner) switch
        {
            (null, null) => InvitationStep.NewAccount,
            (null, _) => InvitationStep.SignIn,
            _ when session.UserId == invited.Owner => InvitationStep.Accept,
            _ => InvitationStep.AnotherPerson,
        };
        return new(link, invited.Invitation.Email, invited.Invitation.Role, step, session?.Email);
    }

    private static RazorComponentResult<InvitationPage> Page(InvitationPage.Form form, int status) => new(new { Filled = form }) { StatusCode = status };

    private static RazorComponentResult<InvitationGonePage> Gone() => new() { StatusCode = StatusCodes.Status410Gone };
}

/// <summary>What the page posts.</summary>
internal sealed record AcceptInvitationForm(
    [FromForm(Name = "link")] string? Link,
    [FromForm(Name = "name")] string? Name,
    [FromForm(Name = "password")] string? Password);

/// <summary>What is to be done with an invitation now.</summary>
public enum InvitationStep
{
    /// <summary>Nobody is signed in, and no account has the address.</summary>
    NewAccount,

    /// <summary>An account has the address: its person signs in first.</summary>
    SignIn,

    /// <summary>Somebody else is signed in.</summary>
    AnotherPerson,

    /// <summary>The person it is for is signed in.</summary>
    Accept,
}
