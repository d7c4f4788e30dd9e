using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace IdentityHub.Client.StepUp;

/// <summary>
/// The person proved to the provider who they are, not longer ago than <see cref="MaxAge"/>, and in one of the ways of
/// <see cref="AcrValues"/>. An application adds it with <see cref="StepUpSetup.RequireRecentAuthentication"/>, or to a policy of its own.
/// </summary>
public sealed class RecentAuthenticationRequirement : IAuthorizationRequirement
{
    /// <summary>The shortest age that leaves a person time to come back from the provider and fill in a form.</summary>
    public static readonly TimeSpan ShortestMaxAge = TimeSpan.FromMinutes(1);

    /// <param name="maxAge">See <see cref="MaxAge"/>: at least <see cref="ShortestMaxAge"/>.</param>
    /// <param name="acrValues">See <see cref="AcrValues"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The age is shorter.</exception>
    /// <exception cref="ArgumentException">A class is empty or contains white space, which separates them on the wire.</exception>
    public RecentAuthenticationRequirement(TimeSpan maxAge, params string[] acrValues)
    {
        ArgumentNullException.ThrowIfNull(acrValues);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, ShortestMaxAge);
        if (Array.Find(acrValues, acr => string.IsNullOrEmpty(acr) || acr.Any(char.IsWhiteSpace)) is { } wrong)
        {
            throw new ArgumentException($"The authentication context class '{wrong}' is empty or contains white space; pass each class as a value of its own.", nameof(acrValues));
        }

        (MaxAge, AcrValues) = (maxAge, acrValues);
    }

    /// <summary>How long ago <c>auth_time</c> may be; sent as <c>max_age</c> (OpenID Connect Core 1.0 §3.1.2.1).</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>
    /// The authentication context classes of which <c>acr</c> must be one; sent as <c>acr_values</c>, in order of
    /// preference. None means any.
    /// </summary>
    public IReadOnlyList<string> AcrValues { get; }

    internal bool IsMetBy(ClaimsPrincipal person, DateTimeOffset now) =>
        person.FindFirstValue("auth_time") is { } text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var authTime)
        && now.ToUnixTimeSeconds() - authTime <= MaxAge.TotalSeconds
        && (AcrValues.Count == 0 || AcrValues.Contains(person.FindFirstValue("acr")));
}
