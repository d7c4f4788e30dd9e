using System.Security.Claims;
using IdentityHub.Client.Diagnostics;
using IdentityHub.Client.Pages;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.StepUp;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.SignIn;

/// <summary>What we add to ASP.NET Core's handler on the way back from the provider.</summary>
internal sealed partial class SignInEvents(
    ProviderMetadata provider, SignedInSessions sessions, IOptions<IdentityHubOptions> options, TimeProvider time,
    ClientMetrics metrics, ILogger<SignInEvents> log)
{
    private readonly LogLimit _failuresLogged = new(time);

    /// <summary>Adds <c>max_age</c> and <c>acr_values</c> where a challenge asks for them.</summary>
    public static Task AskForStepUp(RedirectContext context)
    {
        StepUpRequest.Send(context.Properties, context.ProtocolMessage);
        return Task.CompletedTask;
    }

    /// <summary>
    /// RFC 9207 §2.4: the response must come from the provider that was asked, or the code of one provider could be sent
    /// to another (mix-up). A provider that says it sends <c>iss</c> must; one that is present must be right anyway.
    /// </summary>
    public async Task CheckIssuer(MessageReceivedContext context)
    {
        if (context.Result is not null)
        {
            return;
        }

        try
        {
            var metadata = await provider.GetConfigurationAsync(context.HttpContext.RequestAborted);
            var iss = context.ProtocolMessage.GetParameter("iss");
            if (iss is null ? metadata.AuthorizationResponseIssParameterSupported : iss != metadata.Issuer)
            {
                context.Fail(new AuthenticationFailureException(
                    iss is null ? "The response lacks iss, which the provider always sends." : "The response's iss is not the provider's issuer."));
            }
        }
        catch (ProviderUnavailableException e)
        {
            context.Fail(e);
        }
    }

    /// <summary>Begins our session in place of the handler's own sign-in, which could not refuse one.</summary>
    public async Task BeginSession(TicketReceivedContext context)
    {
        if (context.Result is not null)
        {
            return;
        }

        var http = context.HttpContext;
        var person = context.Principal!;
        // Core §3.1.2.1, §3.1.3.7 rule 13: the provider was asked for it, and the address it was asked with went through the
        // person's browser. Whoever was signed in stays signed in.
        if (StepUpRequest.Read(context.Properties!) is { } asked && !asked.IsMetBy(person, time.GetUtcNow()))
        {
            Log.NotSteppedUp(log);
            metrics.SignIn(SignInOutcome.NotSteppedUp);
            await AnswerPage.NotSteppedUp(http, options.Value);
            context.HandleResponse();
            return;
        }

        // OpenID Connect Core §5.7: sub (with iss) is the one claim that identifies the person. ASP.NET Core and SignalR
        // look for it under this name.
        if (person.Identity is ClaimsIdentity identity && !identity.HasClaim(c => c.Type == ClaimTypes.NameIdentifier))
        {
            identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, identity.FindFirst("sub")!.Value));
        }

        var began = await sessions.BeginAsync(http, person, context.Properties!);
        metrics.SignIn(began ? SignInOutcome.SignedIn : SignInOutcome.EndedBefore);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Redirect(began ? context.ReturnUri ?? "/" : http.Request.PathBase + options.Value.SignedOutPath);
        context.HandleResponse();
    }

    /// <summary>A person who declines at the provider has done nothing wrong and is offered the way back.</summary>
    public async Task Declined(AccessDeniedContext context)
    {
        if (context.Result is null)
        {
            metrics.SignIn(SignInOutcome.Declined);
            await AnswerPage.Declined(context.HttpContext, options.Value);
            context.HandleResponse();
        }
    }

    /// <summary>
    /// A page and a log line in place of an exception in the person's browser. Anybody can open the callback, so the lines
    /// are bounded.
    /// </summary>
    public async Task Failed(RemoteFailureContext context)
    {
        if (context.Result is null)
        {
            metrics.SignIn(SignInOutcome.Failed);
            if (_failuresLogged.Allows(out var leftOut))
            {
                Log.Failed(log, SignInProblem.Explain(context.Failure), leftOut, context.Failure);
            }

            await AnswerPage.SignInFailed(context.HttpContext, options.Value);
            context.HandleResponse();
        }
    }

    /// <summary>
    /// RP-Initiated Logout §3: the state that comes back may be another one or none. The handler then answers with an empty
    /// page; the person is signed out all the same and goes where signing out leads.
    /// </summary>
    public Task ReturnFromSignOut(RemoteSignOutContext context)
    {
        if (context.Result is null && context.Properties?.RedirectUri is null)
        {
            context.Response.Redirect(context.Request.PathBase + options.Value.AfterSignOutPath);
            context.HandleResponse();
        }

        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning, "A sign-in did not complete. {Meaning} ({LeftOut} such lines left out before)")]
        public static partial void Failed(ILogger log, string meaning, long leftOut, Exception? exception);

        [LoggerMessage(21, LogLevel.Warning, "A sign-in was refused: the provider was asked for a recent or stronger authentication and its ID token's auth_time or acr shows none.")]
        public static partial void NotSteppedUp(ILogger log);
    }
}
