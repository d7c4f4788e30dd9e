using IdentityHub.Factors;
using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary><c>/account/second-factor</c>: the authenticator app, for the first time or another one instead.</summary>
internal static class SetUpAuthenticator
{
    public const string Path = "/account/second-factor";

    public static Task<RazorComponentResult<SetUpAuthenticatorPage>> Get(
        CurrentSession session, PendingSecret pending, WhatEnds whatEnds, IOptions<PagesOptions> pages, CancellationToken cancel) =>
        PageAsync(session, pending, whatEnds, pages, Authenticators.NewSecret(), false, null, StatusCodes.Status200OK, cancel);

    public static async Task<IResult> Post(
        [AsParameters] SetUpAuthenticatorForm form, HttpContext context, CurrentSession session, PendingSecret pending,
        SecondFactorChange change, WhatEnds whatEnds, Endings endings, IOptions<PagesOptions> pages, TimeProvider time)
    {
        if (pending.Open(session, form.Secret) is not { } secret)
        {
            // Too old, or of another session: with a new secret the picture is a new one, and has to be read again.
            return SeeOther.To(Path);
        }

        var endThis = form.EndThis is not null;
        if (Totp.FindStep(secret, form.Code, time.GetUtcNow()) is not { } step)
        {
            var error = string.IsNullOrWhiteSpace(form.Code)
                ? Texts.AuthenticatorCodeMissing
                : Texts.AuthenticatorCodeWrong;
            return await PageAsync(session, pending, whatEnds, pages, secret, endThis, error, StatusCodes.Status400BadRequest, context.RequestAborted);
        }

        return await change.SetAsync(context, session, secret, step, endThis) is { } done
            ? await RecoveryCodesShown.OnceAsync(context, endings, done, endThis)
            : SeeOther.To(Path);
    }

    private static async Task<RazorComponentResult<SetUpAuthenticatorPage>> PageAsync(
        CurrentSession session, PendingSecret pending, WhatEnds whatEnds, IOptions<PagesOptions> pages, byte[] secret,
        bool endThis, string? error, int status, CancellationToken cancel) =>
        new(new
        {
            Replaces = session.HasSecondFactor,
            KeyUri = Totp.KeyUri(secret, pages.Value.Name, session.Email),
            Secret = Base32.Encode(secret),
            Sealed = pending.Seal(session, secret),
            EndThis = endThis,
            CodeError = error,
            Others = await whatEnds.BesidesAsync(session, cancel),
        })
        { StatusCode = status };
}

/// <summary>What the page posts.</summary>
internal sealed record SetUpAuthenticatorForm(
    [FromForm(Name = "secret")] string? Secret,
    [FromForm(Name = "code")] string? Code,
    [FromForm(Name = "end_this")] string? EndThis);
