using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Admin;

/// <summary>What became of an act that ended sessions of a person, application by application (I8).</summary>
internal static class PersonEnded
{
    public static async Task<Results<RazorComponentResult<PersonEndedPage>, NotFound>> Get(
        Guid id, Guid act, PersonDetails details, Confirmations confirmations, CancellationToken cancel)
    {
        if (await details.RevocationAsync(id, act, cancel) is not { } record || await details.FindAsync(id, cancel) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var applications = ApplicationOutcome.ByApplication(await confirmations.OfAsync(act));
        return new RazorComponentResult<PersonEndedPage>(new
        {
            Person = person,
            Act = ListedAct.Of(record),
            Applications = applications,
            Live = applications.Any(a => a.State is ConfirmationState.Waiting) ? $"{PersonPaths.Ended(id, act)}/live" : null,
        });
    }

    public static async Task<Results<ServerSentEventsResult<string>, NotFound>> Live(
        Guid id, Guid act, CurrentAdministrator administrator, PersonDetails details, Confirmations confirmations, StillThere still, HttpContext context, TimeProvider time) =>
        await details.RevocationAsync(id, act, context.RequestAborted) is null ? TypedResults.NotFound() : TypedResults.ServerSentEvents(OutcomeFeed.WatchAsync(
            forAdministrator: true,
            async () => await still.MayAsync(administrator, Capability.ReadPeople, context.RequestAborted) ? ApplicationOutcome.ByApplication(await confirmations.OfAsync(act)) : null,
            context.RequestServices, time, context.RequestAborted));
}
