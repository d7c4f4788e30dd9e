using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using System.Diagnostics;

namespace IdentityHub.Admin;

/// <summary>
/// What an administrator does to a person. A GET says what ends and ends nothing; the form on it does it, and the page
/// after that shows which applications have confirmed.
/// </summary>
internal static class PersonActPages
{
    public static Delegate Ask(PersonActKind kind) => (Guid id, [FromQuery] string? session, [FromQuery] int? applications, PersonDetails details, CancellationToken cancel) =>
        AskAsync(kind, id, session, details, null, null, StatusCodes.Status200OK, cancel, applications);

    public static Delegate Do(PersonActKind kind) => (
        Guid id, [FromForm(Name = "session")] string? session, [FromForm(Name = "confirm")] string? typed,
        CurrentAdministrator administrator, PersonDetails details, PersonActs acts, Confirmations confirmations, HttpContext context) =>
        DoAsync(kind, id, session, typed?.Trim(), administrator, details, acts, confirmations, context);

    private static async Task<IResult> DoAsync(
        PersonActKind kind, Guid id, string? session, string? typed,
        CurrentAdministrator administrator, PersonDetails details, PersonActs acts, Confirmations confirmations, HttpContext context)
    {
        var cancel = context.RequestAborted;
        var one = Guid.TryParse(session, out var which) ? which : (Guid?)null;
        if (await details.FindAsync(id, cancel) is not { } person || (one is null && !string.IsNullOrEmpty(session)))
        {
            return TypedResults.NotFound();
        }

        // There is no way back from it: the address is typed, so that it is this person and no other.
        if (kind is PersonActKind.Delete && person.Email is { } email && !string.Equals(typed, email, StringComparison.OrdinalIgnoreCase))
        {
            var error = string.IsNullOrEmpty(typed) ? PeopleTexts.DeleteMissing.With(email) : PeopleTexts.DeleteOther.With(email);
            return await AskAsync(kind, id, session, details, typed, error, StatusCodes.Status400BadRequest, cancel);
        }

        var by = Initiator.Administrator(administrator.UserId);
        var act = await (kind switch
        {
            PersonActKind.End when one is { } ended => acts.EndSessionAsync(id, ended, by),
            PersonActKind.End => acts.EndAllAsync(id, by),
            PersonActKind.Disable => acts.DisableAsync(id, by),
            PersonActKind.Enable => acts.EnableAsync(id, by),
            PersonActKind.RequirePassword => acts.RequireNewPasswordAsync(id, by),
            PersonActKind.Delete => acts.DeleteAsync(id, by),
            _ => throw new UnreachableException(),
        });
        switch (act.Refusal)
        {
            case PersonRefusal.NotThere:
                return TypedResults.NotFound();
            case PersonRefusal.AlreadySo when kind is PersonActKind.End:
                // In another window, or by the person: the page shows it.
                return SeeOther.To(PersonPaths.Of(id));
            case { } refusal:
                return await AskAsync(kind, id, session, details, typed, RefusalWords(refusal), StatusCodes.Status409Conflict, cancel);
        }

        if (kind is PersonActKind.Enable)
        {
            return SeeOther.To(PersonPaths.Of(id));
        }

        // A bounded while (I1): most applications have answered by then.
        await confirmations.WaitAsync(act.Ended, cancel);
        return SeeOther.To(PersonPaths.Ended(id, act.Ended.RevocationId));
    }

    private static async Task<IResult> AskAsync(
        PersonActKind kind, Guid id, string? session, PersonDetails details, string? typed, string? error, int status, CancellationToken cancel, int? applications = null)
    {
        var one = Guid.TryParse(session, out var which) ? which : (Guid?)null;
        if (await details.FindAsync(id, cancel) is not { } person || (one is null && !string.IsNullOrEmpty(session)))
        {
            return TypedResults.NotFound();
        }

        var ends = await details.WouldEndAsync(id, kind is PersonActKind.End ? one : null, cancel);
        return one is not null && ends.Sessions == 0 && kind is PersonActKind.End
            ? SeeOther.To(PersonPaths.Of(id))
            : new RazorComponentResult<PersonActPage>(new
            {
                Kind = kind,
                Person = person,
                Session = one,
                ends.Sessions,
                Applications = ListPage.Of(ends.Applications, applications),
                Typed = typed,
                Error = error,
            })
            { StatusCode = status };
    }

    private static string RefusalWords(PersonRefusal refusal) => refusal switch
    {
        PersonRefusal.Closed => PeopleTexts.RefusedClosed,
        PersonRefusal.AlreadySo => PeopleTexts.RefusedAlready,
        PersonRefusal.Disabled => PeopleTexts.RefusedDisabled,
        PersonRefusal.LastAdministrator => PeopleTexts.RefusedLast,
        _ => throw new UnreachableException(),
    };
}

/// <summary>What can be done to a person.</summary>
public enum PersonActKind
{
    /// <summary>One session, or all.</summary>
    End,
    Disable,
    Enable,
    RequirePassword,
    Delete,
}
