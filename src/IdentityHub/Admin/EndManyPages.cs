using IdentityHub.Access;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using System.Globalization;

namespace IdentityHub.Admin;

/// <summary>
/// <c>/admin/end-many</c>: ends the sessions of everyone, of one application, or from before an instant. What would end is
/// shown first, the scope is typed to confirm it, and how far it has come is shown while it runs.
/// </summary>
internal static class EndManyPages
{
    public const string PreviewPath = $"{AdminPaths.EndMany}/preview";

    private const int PageSize = 25;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static string PreviewOf(EndManyPage.Form typed) =>
        PreviewPath + QueryString.Create(new Dictionary<string, string?> { ["scope"] = typed.Scope, ["client"] = typed.Client, ["before"] = typed.Before }.Where(p => !string.IsNullOrEmpty(p.Value)));

    public static string Of(Guid id) => $"{AdminPaths.EndMany}/{id}";

    public static Task<RazorComponentResult<EndManyPage>> Get([FromQuery] string? before, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel) =>
        PageAsync(new(null, null, null, null), administrator, many, cancel, before: Guid.TryParse(before, out var cursor) ? cursor : null);

    /// <summary>Reads every live session once: seconds, where there are millions.</summary>
    public static async Task<IResult> Preview(
        [AsParameters] ScopeQuery query, [FromQuery] int? applications, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel)
    {
        var typed = new EndManyPage.Form(query.Scope, query.Client?.Trim(), query.Before?.Trim(), null);
        if (Read(typed, out var scope) is { } error)
        {
            return await PageAsync(typed with { Error = error }, administrator, many, cancel, StatusCodes.Status400BadRequest);
        }

        return await PreviewAsync(typed, scope, null, null, administrator, many, cancel, applications);
    }

    public static async Task<IResult> Start([AsParameters] ScopeForm form, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel)
    {
        var typed = new EndManyPage.Form(form.Scope, form.Client?.Trim(), form.Before?.Trim(), null);
        if (Read(typed, out var scope) is { } error)
        {
            return await PageAsync(typed with { Error = error }, administrator, many, cancel, StatusCodes.Status400BadRequest);
        }

        if (form.Confirm?.Trim() is not { Length: > 0 } confirm || !string.Equals(confirm, Phrase(scope), StringComparison.OrdinalIgnoreCase))
        {
            return await PreviewAsync(typed, scope, form.Confirm?.Trim() ?? "", PeopleTexts.ManyConfirmOther.With(Phrase(scope)), administrator, many, cancel);
        }

        try
        {
            return SeeOther.To(Of((await many.StartAsync(scope, Initiator.Administrator(administrator.UserId), cancel)).Id));
        }
        catch (ArgumentException)
        {
            return await PageAsync(typed with { Error = Refusal(scope) }, administrator, many, cancel, StatusCodes.Status400BadRequest);
        }
    }

    public static async Task<Results<RazorComponentResult<EndingManyPage>, NotFound>> Progress(Guid id, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel) =>
        await many.FindAsync(id, cancel) is { } mass
            ? new RazorComponentResult<EndingManyPage>(new
            {
                Act = ListedMany.Of(mass, many.Remaining(mass)),
                MayCancel = administrator.Can(Capability.EndSessions),
                Live = IsGoingOn(mass) ? $"{Of(id)}/live" : null,
            })
            : TypedResults.NotFound();

    public static async Task<Results<ServerSentEventsResult<string>, NotFound>> Live(
        Guid id, CurrentAdministrator administrator, MassRevocations many, StillThere still, HttpContext context, TimeProvider time) =>
        await many.FindAsync(id, context.RequestAborted) is null
            ? TypedResults.NotFound()
            : TypedResults.ServerSentEvents(new LiveFragment<EndingManyState, ListedMany>
            {
                Ask = async () => await still.MayAsync(administrator, Capability.ReadRevocations, context.RequestAborted) && await many.FindAsync(id, context.RequestAborted) is { } mass
                    ? ListedMany.Of(mass, many.Remaining(mass))
                    : null,
                Parameters = act => new() { [nameof(EndingManyState.Act)] = act },
                IsOver = act => !act.GoingOn,
                Pause = Pause,
            }.WatchAsync(context.RequestServices, time, context.RequestAborted));

    public static async Task<IResult> Cancel(Guid id, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel)
    {
        if (await many.FindAsync(id, cancel) is null)
        {
            return TypedResults.NotFound();
        }

        // Over already: the page says how it ended.
        await many.CancelAsync(id, Initiator.Administrator(administrator.UserId));
        return SeeOther.To(Of(id));
    }

    /// <summary>What is typed to start it.</summary>
    internal static string Phrase(MassScope scope) => scope switch
    {
        { ClientId: { } client } => client,
        { Before: { } before } => before.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        _ => PeopleTexts.ManyPhraseEveryone,
    };

    private static string? Read(EndManyPage.Form typed, out MassScope scope)
    {
        scope = new MassScope();
        switch (typed.Scope)
        {
            case "everyone":
                return null;
            case "application" when !string.IsNullOrEmpty(typed.Client):
                scope = new MassScope(ClientId: typed.Client);
                return null;
            case "application":
                return PeopleTexts.ManyClientMissing;
            case "before" when DateTimeOffset.TryParse(typed.Before, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var before):
                scope = new MassScope(Before: before);
                return null;
            case "before":
                return PeopleTexts.ManyBeforeInvalid;
            default:
                return PeopleTexts.ManyScopeMissing;
        }
    }

    private static string Refusal(MassScope scope) => scope.ClientId is { } client ? PeopleTexts.ManyClientUnknown.With(client) : PeopleTexts.ManyFuture;

    private static async Task<IResult> PreviewAsync(
        EndManyPage.Form typed, MassScope scope, string? confirm, string? error, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel, int? applications = null)
    {
        try
        {
            var preview = await many.PreviewAsync(scope, cancel);
            return new RazorComponentResult<EndManyPreviewPage>(new
            {
                Scope = typed,
                Phrase = Phrase(scope),
                Ends = new ManyEnds(preview.Sessions, preview.People, ListPage.Of([.. preview.Applications.Select(a => (a.Name, a.Sessions))], applications), preview.Silent, preview.Estimate),
                Typed = confirm,
                Error = error,
            })
            { StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest };
        }
        catch (ArgumentException)
        {
            return await PageAsync(typed with { Error = Refusal(scope) }, administrator, many, cancel, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<RazorComponentResult<EndManyPage>> PageAsync(
        EndManyPage.Form typed, CurrentAdministrator administrator, MassRevocations many, CancellationToken cancel, int status = StatusCodes.Status200OK, Guid? before = null)
    {
        var page = await many.PageAsync(before, PageSize, cancel);
        return new(new
        {
            Filled = typed,
            Earlier = page.Acts.Select(m => ListedMany.Of(m, many.Remaining(m))).ToList(),
            page.Next,
            Newest = before is null,
            MayEnd = administrator.Can(Capability.EndSessions),
        })
        { StatusCode = status };
    }

    private static bool IsGoingOn(MassRevocation mass) => mass.State is MassRevocationState.EndingSessions or MassRevocationState.RevokingGrants;
}

/// <summary>What the first page asks with.</summary>
internal sealed record ScopeQuery([FromQuery(Name = "scope")] string? Scope, [FromQuery(Name = "client")] string? Client, [FromQuery(Name = "before")] string? Before);

/// <summary>What the preview posts.</summary>
internal sealed record ScopeForm(
    [FromForm(Name = "scope")] string? Scope, [FromForm(Name = "client")] string? Client, [FromForm(Name = "before")] string? Before, [FromForm(Name = "confirm")] string? Confirm);
