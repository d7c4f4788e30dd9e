using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Access;

/// <summary>What every form of the hub's pages has in common.</summary>
internal static class Forms
{
    // Far more than any of these forms needs, far less than would cost us memory.
    private const int LargestForm = 64 * 1024;

    // Said for every form: a handler asks for the antiforgery token by itself only where it binds a field, and an act
    // without fields is as good a target for another site (ASVS 3.5.1).
    public static TBuilder TakesForm<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequestSizeLimitAttribute(LargestForm), new RequireAntiforgeryTokenAttribute());
}
