using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary>What became of an act that ended sessions of a person, application by application (I8).</summary>
internal static class PersonEnded
{
    public static async Task<Results<RazorComponentResult<PersonEndedPage>, NotFound>> Get(
        Guid id, Guid act, [FromQuery] int? applications, PersonDetails details, RevocationList list, Confirmations confirmations, CancellationToken cancel)
    {
        if (await list.FindAsync(act, cancel) is not { } record || record.UserId != id || await details.FindAsync(id, cancel) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var outcomes = OutcomePage.Of(await confirmations.CountAsync(act), applications);
        return new RazorComponentResult<PersonEndedPage>(new
        {
            Person = person,
            Act = ListedAct.Of(record),
            Applications = outcomes,
            Live = outcomes.Waiting ? $"{PersonPaths.Ended(id, act)}/live?applications={outcomes.Applications.Number}" : null,
        });
    }

    public static async Task<Results<ServerSentEventsResult<string>, NotFound>> Live(
        Guid id, Guid act, [FromQuery] int? applications, CurrentAdministrator administrator, RevocationList list, Confirmations confirmations, StillThere still, HttpContext context, TimeProvider time) =>
        (await list.FindAsync(act, context.RequestAborted))?.UserId != id ? TypedResults.NotFound() : TypedResults.ServerSentEvents(OutcomeFeed.WatchAsync(
            forAdministrator: true,
            async () => await still.MayAsync(administrator, Capability.ReadPeople, context.RequestAborted) ? OutcomePage.Of(await confirmations.CountAsync(act), applications) : null,
            context.RequestServices, time, context.RequestAborted));
}
