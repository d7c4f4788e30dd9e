using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;

namespace IdentityHub.Client.StepUp;

/// <summary>Step-up: a person who is signed in proves once more, or more strongly, who they are before something that matters.</summary>
public static class StepUpSetup
{
    /// <summary>
    /// Lets only a person in who proved to the provider who they are not longer ago than <paramref name="maxAge"/>, and in
    /// one of the ways of <paramref name="acrValues"/>. Anybody else is sent to the provider with <c>max_age</c> and
    /// <c>acr_values</c> (OpenID Connect Core 1.0 §3.1.2.1) and comes back to the page. A script gets 401 with
    /// <c>insufficient_user_authentication</c> (the error of RFC 9470 §3). A provider that answers with an older <c>auth_time</c> or another
    /// <c>acr</c> is not believed: the person sees a page that says so, and is not sent round in circles.
    /// </summary>
    /// <remarks>
    /// A form cannot be posted again by a redirect, so put this on the page that shows the form as well as on the address
    /// that takes it.
    /// </remarks>
    /// <typeparam name="TBuilder">What the endpoints are built with.</typeparam>
    /// <param name="builder">The endpoint or endpoints to protect.</param>
    /// <param name="maxAge">At least <see cref="RecentAuthenticationRequirement.ShortestMaxAge"/>.</param>
    /// <param name="acrValues">The accepted authentication context classes, best first; none for any.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is too short.</exception>
    /// <exception cref="ArgumentException">A class is empty or contains white space.</exception>
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maxAge, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new RecentAuthenticationRequirement(maxAge, acrValues);
        return builder
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(requirement))
            .WithMetadata(requirement);
    }

    /// <summary>
    /// Makes a challenge of <see cref="IdentityHubDefaults.ProviderScheme"/> ask for it, and the answer be refused without
    /// it. For applications that decide themselves when to step up.
    /// </summary>
    /// <param name="properties">The challenge's properties.</param>
    /// <param name="maxAge">At least <see cref="RecentAuthenticationRequirement.ShortestMaxAge"/>.</param>
    /// <param name="acrValues">The accepted authentication context classes, best first; none for any.</param>
    /// <returns>The same properties.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is too short.</exception>
    /// <exception cref="ArgumentException">A class is empty or contains white space.</exception>
    public static AuthenticationProperties RequireRecentAuthentication(this AuthenticationProperties properties, TimeSpan maxAge, params string[] acrValues)
    {
        ArgumentNullException.ThrowIfNull(properties);
        StepUpRequest.Write(properties, new(maxAge, acrValues));
        return properties;
    }
}
