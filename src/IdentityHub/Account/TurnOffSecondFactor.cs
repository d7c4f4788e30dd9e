using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/second-factor/off</c>: back to the password alone.</summary>
internal static class TurnOffSecondFactor
{
    public const string Path = "/account/second-factor/off";

    public static async Task<IResult> Get(CurrentSession session, WhatEnds whatEnds, CancellationToken cancel) => session.HasSecondFactor
        ? ConfirmChangePage.Of(Texts.SecondFactorOffTitle, Texts.SecondFactorOffConsequence, Texts.SecurityTurnOff, Path, await whatEnds.BesidesAsync(session, cancel))
        : SeeOther.To(Security.Path);

    public static async Task<IResult> Post(
        [FromForm(Name = "end_this")] string? endThis, HttpContext context, CurrentSession session, SecondFactorChange change, Endings endings) =>
        await change.TurnOffAsync(context, session, endThis is not null) is { } ended
            ? await endings.ShowAsync(context, ended, endThis is not null)
            : SeeOther.To(Security.Path);
}
