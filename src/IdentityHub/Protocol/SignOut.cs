using System.Text.Json;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Protocol;

/// <summary>
/// Signing out in the browser: asks where it must, ends the session through the one door, waits a bounded while for
/// the applications (I1), forgets the cookie and goes on.
/// </summary>
internal sealed class SignOut(
    HubDb db,
    SessionRevoker revoker,
    SessionCookie cookie,
    Confirmations confirmations,
    Markers markers,
    TimeProvider time)
{
    public const string SignedOut = "/signed-out";
    private const string Field = "sign_out";
    private const string Act = "act";
    private const string Next = "next";

    public async Task<IResult> AskAsync(CurrentSession session, PostLogoutRedirect? goOn)
    {
        var applications = await (
            from p in db.Set<SessionParticipant>()
            join r in db.Set<RelyingParties.RelyingParty>() on p.ClientId equals r.ClientId
            where p.SessionId == session.Id
            orderby p.FirstSeenAt
            select r.DisplayName ?? p.ClientId).ToListAsync();
        return new RazorComponentResult<SignOutPage>(new Dictionary<string, object?>
        {
            [nameof(SignOutPage.Applications)] = (IReadOnlyList<string>)applications,
            [nameof(SignOutPage.Action)] = "/sign-out",
            [nameof(SignOutPage.Fields)] = (IReadOnlyList<KeyValuePair<string, string>>)
                [new(Field, markers.Seal(Field, JsonSerializer.Serialize(new Question(session.Id, goOn))))],
        });
    }

    /// <summary>The person said yes, on our page (the antiforgery token has been checked).</summary>
    public async Task<IResult> ConfirmAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var question = markers.Open(Field, form[Field]) is { } json ? JsonSerializer.Deserialize<Question>(json) : null;
        return CurrentSession.Of(context) is { } session
            ? await EndAsync(context, session, question?.Session == session.Id ? question.GoOn : null)
            : Finished(context, question?.GoOn);
    }

    public async Task<IResult> EndAsync(HttpContext context, CurrentSession session, PostLogoutRedirect? goOn, string? client = null)
    {
        var initiator = client is null ? Initiator.Person(session.UserId) : Initiator.RelyingParty(client);
        var ended = await revoker.EndSessionAsync(session.Id, RevocationReason.SignedOut, initiator);
        await confirmations.WaitAsync(ended, context.RequestAborted);
        return Finished(context, goOn, ended.RevocationId, byWayOfThePage: goOn is not null && await confirmations.AnyInBrowserAsync(ended));
    }

    /// <summary>The end of every sign-out, also of one that found nobody signed in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="goOn">Where the browser goes afterwards.</param>
    /// <param name="act">What ended the session.</param>
    /// <param name="byWayOfThePage">Applications are to be told in the browser, which takes a page of ours before it goes on.</param>
    public IResult Finished(HttpContext context, PostLogoutRedirect? goOn, Guid act = default, bool byWayOfThePage = false)
    {
        cookie.Expire(context.Response);
        // ASVS 14.3.1. Without "cookies": that would clear those of every application under the same registrable domain.
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        if (goOn is not null)
        {
            return SeeOther.To(byWayOfThePage
                ? QueryHelpers.AddQueryString(SignedOut, new Dictionary<string, string?> { [Act] = markers.Seal(Act, act.ToString()), [Next] = markers.Seal(Next, goOn.Address) })
                : goOn.Address);
        }

        return SeeOther.To(act == Guid.Empty ? SignedOut : QueryHelpers.AddQueryString(SignedOut, Act, markers.Seal(Act, act.ToString())));
    }

    /// <summary>What became of it, application by application (I8); a reload shows it as it is then, and where script runs each answer appears as it comes.</summary>
    public async Task<IResult> ReportAsync(HttpContext context)
    {
        var known = Guid.TryParse(markers.Open(Act, context.Request.Query[Act]), out var act) ? await confirmations.OfAsync(act) : [];
        var next = markers.Open(Next, context.Request.Query[Next]);
        if (next is not null)
        {
            // For browsers without script, and frames that never load: a moment, and on.
            context.Response.Headers.Append("Refresh", $"3;url={next}");
        }

        foreach (var application in known.Where(a => a.FrontChannel is not null))
        {
            FrameSources.Of(context).Allow(application.FrontChannel!);
        }

        return new RazorComponentResult<SignedOutPage>(new Dictionary<string, object?>
        {
            [nameof(SignedOutPage.Applications)] = known,
            [nameof(SignedOutPage.Next)] = next,
            [nameof(SignedOutPage.Live)] = known.Any(a => a.State is ConfirmationState.Waiting)
                ? QueryHelpers.AddQueryString(SignedOut + "/live", Act, context.Request.Query[Act].ToString())
                : null,
        });
    }

    /// <summary>The answers that come after the page, for the page; nothing for an act that was not sealed here.</summary>
    public IResult Watch(HttpContext context) => Guid.TryParse(markers.Open(Act, context.Request.Query[Act]), out var act)
        ? TypedResults.ServerSentEvents(new LiveFragment<SignedOutList, IReadOnlyList<Confirmation>>
        {
            Ask = async () => await confirmations.OfAsync(act),
            Parameters = applications => new() { [nameof(SignedOutList.Applications)] = applications },
            IsOver = applications => applications.All(a => a.State is not ConfirmationState.Waiting),
            IsSame = (one, other) => one.SequenceEqual(other),
        }.WatchAsync(context.RequestServices, time, context.RequestAborted))
        : TypedResults.NotFound();

    private sealed record Question(Guid Session, PostLogoutRedirect? GoOn);
}
