using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/recovery-codes</c>: new recovery codes instead of the old ones.</summary>
internal static class RenewRecoveryCodes
{
    public const string Path = "/account/recovery-codes";

    public static async Task<IResult> Get(CurrentSession session, WhatEnds whatEnds, CancellationToken cancel) => session.HasSecondFactor
        ? ConfirmChangePage.Of(Texts.RecoveryTitle, Texts.RecoveryConsequence, Texts.RecoveryMake, Path, await whatEnds.BesidesAsync(session, cancel))
        : SeeOther.To(Security.Path);

    public static async Task<IResult> Post(
        [FromForm(Name = "end_this")] string? endThis, HttpContext context, CurrentSession session, SecondFactorChange change, Endings endings) =>
        await change.RenewRecoveryCodesAsync(context, session, endThis is not null) is { } made
            ? await RecoveryCodesShown.OnceAsync(context, endings, made, endThis is not null)
            : SeeOther.To(Security.Path);
}
