using IdentityHub.Mail;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// <c>/not-me</c> and <c>/restore-email</c>: somebody reads in a mail what they did not do. One click opens the page, one
/// confirmation ends everything; nobody is asked to sign in, for that may be what the thief has taken.
/// </summary>
internal static class NotMe
{
    public static Task<IResult> Get([FromQuery] string? link, Disowning disowning) => PageAsync(LinkPurpose.NotMe, link, disowning);

    public static Task<IResult> GetRestore([FromQuery] string? link, Disowning disowning) => PageAsync(LinkPurpose.RestoreAddress, link, disowning);

    public static Task<IResult> Post([FromForm(Name = "link")] string? link, HttpContext context, Disowning disowning, Endings endings) =>
        ActAsync(LinkPurpose.NotMe, link, context, disowning, endings);

    public static Task<IResult> PostRestore([FromForm(Name = "link")] string? link, HttpContext context, Disowning disowning, Endings endings) =>
        ActAsync(LinkPurpose.RestoreAddress, link, context, disowning, endings);

    private static async Task<IResult> PageAsync(LinkPurpose purpose, string? link, Disowning disowning) =>
        await disowning.FindAsync(purpose, link) is { } found
            ? new RazorComponentResult<NotMePage>(new { Action = purpose.Path(), Secret = link, Address = found.Data })
            : MailedLinkPages.Gone();

    private static async Task<IResult> ActAsync(LinkPurpose purpose, string? link, HttpContext context, Disowning disowning, Endings endings) =>
        await disowning.FindAsync(purpose, link) is { } found && await disowning.ActAsync(found) is { } ended
            ? await endings.ShowAsync(context, ended, endedThis: CurrentSession.Of(context)?.UserId == found.UserId)
            : MailedLinkPages.Gone();
}
