using System.Text.Encodings.Web;
using IdentityHub.Client.SignIn;
using Microsoft.AspNetCore.Authentication;
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
    SignedInSessions sessions, StartSignIn signIn)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder), IAuthenticationSignOutHandler
{
    public Task SignOutAsync(AuthenticationProperties? properties) => sessions.EndAsync(Context);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        await sessions.FindAsync(Context) is { } ticket
            ? AuthenticateResult.Success(ticket)
            : AuthenticateResult.NoResult();

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        PageRequest.Is(Context) ? signIn.ChallengeAsync(Context, properties) : base.HandleChallengeAsync(properties);
}
