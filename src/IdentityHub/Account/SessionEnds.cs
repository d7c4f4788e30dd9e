using IdentityHub.Access;
using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>When this session ends if nobody uses it, and the click that uses it (WCAG 2.2, 2.2.1 Timing Adjustable).</summary>
internal static class SessionEnds
{
    public const string Path = "/account/session-ends";

    public const string StayPath = "/account/stay";

    // WCAG 2.2.1 asks for twenty seconds at least; two minutes are enough for who went to fetch a coffee.
    private static readonly TimeSpan ShortestWarning = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestWarning = TimeSpan.FromMinutes(2);

    /// <summary>For the script of the page; looking does not keep the session alive.</summary>
    public static Results<Ok<SecondsLeft>, UnauthorizedHttpResult> Get(HttpContext context, TimeProvider time) =>
        CurrentSession.Of(context) is { } session
            ? TypedResults.Ok(new SecondsLeft((int)(session.ExpiresAt - time.GetUtcNow()).TotalSeconds))
            : TypedResults.Unauthorized();

    /// <summary>Every request is a use of the session, and so is this one.</summary>
    public static SeeOther Stay([FromForm(Name = "return_url")] string? returnUrl) => SeeOther.To(ReturnUrl.LocalOrHome(returnUrl));

    /// <summary>How long before its end the person is warned. Pure.</summary>
    public static TimeSpan Warning(TimeSpan idle)
    {
        var part = idle / 5;
        return part < ShortestWarning ? ShortestWarning : part > LongestWarning ? LongestWarning : part;
    }
}

public sealed record SecondsLeft(int Seconds);
