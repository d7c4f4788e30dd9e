using System.Globalization;
using IdentityHub.Pages;

namespace IdentityHub.Account;

/// <summary>What is answered to a guess that has to wait: 429, when to come again (RFC 9110 §10.2.3), and words.</summary>
internal static class TooManyGuesses
{
    public const int Status = StatusCodes.Status429TooManyRequests;

    /// <summary>Sets <c>Retry-After</c> and says the same in words.</summary>
    public static string Say(HttpContext context, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds < 90 ? Texts.TooManySeconds.Count(seconds) : Texts.TooManyMinutes.Count((seconds + 59) / 60);
    }
}
