using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityHub.Access;

/// <summary>
/// Stands before every act on an account: whoever holds a copied cookie, or sits down at an unlocked computer, is asked
/// to prove who they are before anything changes (ASVS 7.5.1). Forms are asked again, not only the pages they are on.
/// </summary>
internal sealed class RecentAuthentication(IOptions<AccessOptions> options, TimeProvider time)
{
    /// <summary>Whether a proof of <paramref name="provedAt"/> still counts at <paramref name="now"/>. Pure.</summary>
    public static bool IsRecent(DateTimeOffset now, DateTimeOffset provedAt, TimeSpan window) => now - provedAt <= window;

    /// <summary>Null when the act may go on; otherwise the way to the proof, and from there back to <paramref name="page"/>.</summary>
    public IResult? Detour(CurrentSession? session, string page) => session switch
    {
        null => SeeOther.To(ReturnUrl.Through("/sign-in", page)),
        // Who turned a second factor on meant it to guard the account, also in a browser that leaves it out at sign-in.
        { HasSecondFactor: true } when !Proof.IsMultiFactor(session.Amr) => SeeOther.To(ReturnUrl.Through("/confirm-identity", page)),
        _ when !IsRecent(time.GetUtcNow(), session.AuthenticatedAt, options.Value.RecentAuthentication) => SeeOther.To(ReturnUrl.Through("/confirm-identity", page)),
        _ => null,
    };
}

internal static class RecentAuthenticationEndpoints
{
    /// <param name="endpoint">What needs a recent proof.</param>
    /// <param name="page">The page the act belongs to, which the person returns to: what they had typed is not kept.</param>
    public static RouteHandlerBuilder NeedsRecentAuthentication(this RouteHandlerBuilder endpoint, string page) =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var recent = http.RequestServices.GetRequiredService<RecentAuthentication>();
            return recent.Detour(CurrentSession.Of(http), page) ?? await next(context);
        });

    /// <summary>For pages that only show: being signed in is enough.</summary>
    public static RouteHandlerBuilder NeedsSession(this RouteHandlerBuilder endpoint, string page) =>
        endpoint.AddEndpointFilter(async (context, next) =>
            CurrentSession.Of(context.HttpContext) is null ? SeeOther.To(ReturnUrl.Through("/sign-in", page)) : await next(context));
}
