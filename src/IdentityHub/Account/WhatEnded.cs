using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// <c>/account/ended</c>: what became of an act that ended sessions, application by application (I8). A reload shows it
/// as it is then; where script runs, each answer appears as it comes.
/// </summary>
internal static class WhatEnded
{
    public const string Path = "/account/ended";

    public static async Task<Results<RazorComponentResult<EndedSessionsPage>, NotFound>> Get(
        HttpContext context, Endings endings, [FromQuery] string? act, [FromQuery] int? applications) =>
        await endings.FindAsync(act, applications, context.RequestAborted) is { } ending
            ? new RazorComponentResult<EndedSessionsPage>(new
            {
                Heading = Heading(ending.Record),
                Note = ending.Record.Reason is RevocationReason.ReportedByPerson ? Texts.EndedReportedWhat : null,
                ending.Record.Sessions,
                Withdrawn = ending.Record.Reason is RevocationReason.ApplicationWithdrawn,
                ending.Applications,
                Here = Of(act!),
                SignedIn = CurrentSession.Of(context) is not null,
                Live = ending.Applications.Waiting ? $"{Path}/live?act={Uri.EscapeDataString(act!)}&applications={ending.Applications.Applications.Number}" : null,
            })
            : TypedResults.NotFound();

    public static async Task<Results<ServerSentEventsResult<string>, NotFound>> Live(
        HttpContext context, Endings endings, TimeProvider time, [FromQuery] string? act, [FromQuery] int? applications) =>
        await endings.FindAsync(act, applications, context.RequestAborted) is { } ending
            ? TypedResults.ServerSentEvents(OutcomeFeed.WatchAsync(forAdministrator: false, async () => await endings.OutcomesAsync(ending.Record, applications), context.RequestServices, time, context.RequestAborted))
            : TypedResults.NotFound();

    private static string Of(string act) => $"{Path}?act={Uri.EscapeDataString(act)}";

    private static string Heading(RevocationRecord record) => record switch
    {
        { Reason: RevocationReason.PasswordChanged } => Texts.EndedPasswordChanged,
        { Reason: RevocationReason.SecondFactorEnabled } => Texts.EndedSecondFactorOn,
        { Reason: RevocationReason.SecondFactorDisabled } => Texts.EndedSecondFactorOff,
        { Reason: RevocationReason.SecondFactorChanged } => Texts.EndedSecondFactorChanged,
        { Reason: RevocationReason.AccountClosed } => Texts.CloseDone,
        { Reason: RevocationReason.ApplicationWithdrawn } => Texts.WithdrawnHeading,
        { Reason: RevocationReason.PasswordReset } => Texts.EndedPasswordReset,
        { Reason: RevocationReason.EmailChanged } => Texts.EndedEmailChanged,
        { Reason: RevocationReason.ReportedByPerson } => Texts.EndedReported,
        { Reason: RevocationReason.PasskeyAdded } => Texts.EndedPasskeyAdded,
        { Reason: RevocationReason.PasskeyRemoved } => Texts.EndedPasskeyRemoved,
        _ => Texts.EndedHeading.Count(record.Sessions),
    };
}
