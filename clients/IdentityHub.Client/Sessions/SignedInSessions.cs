using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IdentityHub.Client.Sessions;

/// <summary>
/// Begins, finds and ends the session of the browser that a request comes from. A session begins with a value of its own,
/// always: it never takes over the key, the row or the tokens of an earlier one, whoever that one belonged to.
/// </summary>
internal sealed partial class SignedInSessions(
    ISessionStore store, IDataProtectionProvider protection, IOptions<IdentityHubOptions> options, TimeProvider time,
    ILogger<SignedInSessions> log)
{
    private readonly IDataProtector _protector = protection.CreateProtector("IdentityHub.Client.Session.v1");

    /// <summary>False when the provider has ended the session before it could begin: then there is none, and no cookie.</summary>
    public async Task<bool> BeginAsync(HttpContext context, ClaimsPrincipal person, AuthenticationProperties properties)
    {
        var value = SessionCookie.NewValue();
        var session = Describe(value, new AuthenticationTicket(person, properties, IdentityHubDefaults.SessionScheme));
        if (!await store.StoreAsync(session, context.RequestAborted))
        {
            Log.RefusedLate(log);
            return false;
        }

        if (KeyIn(context) is { } earlier)
        {
            await store.EndAsync(earlier, CancellationToken.None);
        }

        SessionCookie.Write(context, options.Value.CookieName, value);
        return true;
    }

    public async Task<AuthenticationTicket?> FindAsync(HttpContext context) =>
        KeyIn(context) is { } key
        && await store.FindAsync(key, context.RequestAborted) is { } session
        && await StaysAsync(session, context.RequestAborted)
            ? Open(session)
            : null;

    /// <summary>The session of the request's cookie, without its claims. It does not count as use.</summary>
    public async Task<StoredSession?> PeekAsync(HttpContext context, CancellationToken cancel) =>
        KeyIn(context) is { } key ? await store.FindAsync(key, cancel) : null;

    public async Task EndAsync(HttpContext context)
    {
        if (KeyIn(context) is { } key)
        {
            // The person has decided: a browser that hangs up must not keep the session alive.
            await store.EndAsync(key, CancellationToken.None);
        }

        SessionCookie.Expire(context, options.Value.CookieName);
    }

    private string? KeyIn(HttpContext context) => SessionCookie.ReadKey(context.Request, options.Value.CookieName);

    private StoredSession Describe(string value, AuthenticationTicket ticket)
    {
        var idToken = new JsonWebToken(ticket.Properties.GetTokenValue(OpenIdConnectParameterNames.IdToken));
        var now = time.GetUtcNow();
        var endsAt = now + options.Value.SessionLifetime;
        return new()
        {
            Key = SessionCookie.KeyOf(value),
            Issuer = idToken.Issuer,
            Subject = idToken.Subject,
            Sid = idToken.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Sid, out var sid) ? sid : null,
            IssuedAt = new DateTimeOffset(idToken.IssuedAt, TimeSpan.Zero),
            ExpiresAt = Earlier(now + options.Value.IdleTimeout, endsAt),
            EndsAt = endsAt,
            Ticket = _protector.Protect(TicketSerializer.Default.Serialize(ticket)),
        };
    }

    // Use moves the idle limit, in steps: a write on every request would be the store's main load.
    private async ValueTask<bool> StaysAsync(StoredSession session, CancellationToken cancel)
    {
        var wanted = Earlier(time.GetUtcNow() + options.Value.IdleTimeout, session.EndsAt);
        return wanted - session.ExpiresAt < options.Value.IdleTimeout / 20
            || await store.ExtendAsync(session.Key, wanted, cancel);
    }

    private AuthenticationTicket? Open(StoredSession session)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(_protector.Unprotect(session.Ticket.ToArray()));
        }
        catch (CryptographicException e)
        {
            Log.Unreadable(log, e);
            return null;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "A sign-in was refused: the provider ended its session before it was stored.")]
        public static partial void RefusedLate(ILogger log);

        [LoggerMessage(11, LogLevel.Warning, "A stored session cannot be decrypted, so it counts as signed out. Every node must share the Data Protection keys, and they must survive a restart.")]
        public static partial void Unreadable(ILogger log, Exception exception);
    }
}
