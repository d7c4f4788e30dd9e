using IdentityHub.Access;
using IdentityHub.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Account;

/// <summary>
/// The pages that links in mails lead to, and those that send them. A link is looked at by GET as often as anybody likes,
/// mail scanners among them, and used by POST once.
/// </summary>
internal static class MailedLinkPages
{
    public static void MapMailedLinks(this WebApplication app)
    {
        app.MapGet(LinkPurpose.ConfirmAddress.Path(), ConfirmEmail.Get);
        app.MapPost(LinkPurpose.ConfirmAddress.Path(), ConfirmEmail.Post).TakesForm();
        app.MapGet(ForgotPassword.Path, ForgotPassword.Get);
        app.MapPost(ForgotPassword.Path, ForgotPassword.Post).TakesForm();
        app.MapGet(LinkPurpose.ResetPassword.Path(), ResetPassword.Get);
        app.MapPost(LinkPurpose.ResetPassword.Path(), ResetPassword.Post).TakesForm();
        app.MapGet(ChangeEmail.Path, ChangeEmail.Get).NeedsRecentAuthentication(ChangeEmail.Path);
        app.MapPost(ChangeEmail.Path, ChangeEmail.Post).NeedsRecentAuthentication(ChangeEmail.Path).TakesForm();
        app.MapGet(LinkPurpose.ConfirmNewAddress.Path(), ConfirmNewEmail.Get);
        app.MapPost(LinkPurpose.ConfirmNewAddress.Path(), ConfirmNewEmail.Post).TakesForm();
        app.MapGet(LinkPurpose.RestoreAddress.Path(), NotMe.GetRestore);
        app.MapPost(LinkPurpose.RestoreAddress.Path(), NotMe.PostRestore).TakesForm();
        app.MapGet(LinkPurpose.NotMe.Path(), NotMe.Get);
        app.MapPost(LinkPurpose.NotMe.Path(), NotMe.Post).TakesForm();
    }

    /// <summary>
    /// One answer for a link that was used, is too old, was replaced by a later one or never existed: 410, so that it says
    /// nothing about which.
    /// </summary>
    public static RazorComponentResult<LinkGonePage> Gone() => new() { StatusCode = StatusCodes.Status410Gone };
}
