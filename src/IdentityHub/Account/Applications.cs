using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/applications</c>: which applications have what, and the way to take it back.</summary>
internal static class Applications
{
    public const string Path = "/account/applications";

    public const string WithdrawPath = $"{Path}/withdraw";

    public static async Task<RazorComponentResult<ApplicationsPage>> Get(CurrentSession session, ConnectedApplications connected, CancellationToken cancel) =>
        new(new { Applications = await connected.OfAsync(session.UserId, cancel) });

    /// <summary>Asks first: what follows cannot be undone.</summary>
    public static async Task<Results<RazorComponentResult<WithdrawPage>, SeeOther>> Ask(
        [FromQuery(Name = "client")] string? client, CurrentSession session, ConnectedApplications connected, CancellationToken cancel) =>
        (await connected.OfAsync(session.UserId, cancel)).FirstOrDefault(a => a.ClientId == client) is { } application
            ? new RazorComponentResult<WithdrawPage>(new { Application = application })
            : SeeOther.To(Path);

    public static async Task<IResult> Withdraw(
        [FromForm(Name = "client")] string? client, HttpContext context, CurrentSession session, ConnectedApplications connected, Withdrawal withdrawal, Endings endings)
    {
        // Withdrawn already, in another tab perhaps: the list says so.
        if ((await connected.OfAsync(session.UserId, context.RequestAborted)).All(a => a.ClientId != client))
        {
            return SeeOther.To(Path);
        }

        var ended = await withdrawal.WithdrawAsync(session.UserId, session.Id, client!, Initiator.Person(session.UserId));
        return ended == Ended.Nothing ? SeeOther.To(Path) : await endings.ShowAsync(context, ended, endedThis: false);
    }
}
