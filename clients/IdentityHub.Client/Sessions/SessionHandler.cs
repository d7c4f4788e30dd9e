using System.Globalization;
using System.Text.Encodings.Web;
using IdentityHub.Client.SignIn;
using IdentityHub.Client.StepUp;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Sessions;

/// <summary>
/// The authentication scheme over <see cref="SignedInSessions"/>. Not the cookie handler with an ITicketStore: that one
/// keeps the key of the session before when another person signs in in the same browser, and cannot refuse a session
/// that was ended while it was being stored.
/// </summary>
internal sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    SignedInSessions sessions, StartSignIn signIn, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder), IAuthenticationSignOutHandler
{
    public Task SignOutAsync(AuthenticationProperties? properties) => sessions.EndAsync(Context);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        await sessions.FindAsync(Context) is { } ticket
            ? AuthenticateResult.Success(ticket)
            : AuthenticateResult.NoResult();

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!PageRequest.Is(Context))
        {
            return base.HandleChallengeAsync(properties);
        }

        // Asked for at once: a provider that signs the person in silently would have to be visited twice.
        if (Unmet() is { } unmet)
        {
            StepUpRequest.Write(properties, unmet);
        }

        return signIn.ChallengeAsync(Context, properties);
    }

    /// <summary>Signed in, and not allowed: where that is for want of a recent authentication, a page can have one.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (Unmet() is not { } unmet)
        {
            return base.HandleForbiddenAsync(properties);
        }

        if (PageRequest.Is(Context))
        {
            StepUpRequest.Write(properties, unmet);
            return signIn.ChallengeAsync(Context, properties);
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = string.Create(
            CultureInfo.InvariantCulture,
            $"{IdentityHubDefaults.SessionScheme} error=\"insufficient_user_authentication\", max_age=\"{(long)unmet.MaxAge.TotalSeconds}\"");
        return Task.CompletedTask;
    }

    private RecentAuthenticationRequirement? Unmet() => Context.GetEndpoint()?.Metadata
        .GetOrderedMetadata<RecentAuthenticationRequirement>()
        .FirstOrDefault(requirement => !requirement.IsMetBy(Context.User, time.GetUtcNow()));
}
