using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IdentityHub.Client.StepUp;

/// <summary>
/// What a sign-in must prove, kept in its protected state from the request to the answer: a browser can carry the answer
/// to another request, or leave <c>max_age</c> out of the address it is sent to.
/// </summary>
internal static class StepUpRequest
{
    private const string MaxAge = "IdentityHub.max_age";
    private const string AcrValues = "IdentityHub.acr_values";

    public static void Write(AuthenticationProperties properties, RecentAuthenticationRequirement requirement)
    {
        properties.Items[MaxAge] = ((long)requirement.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        properties.Items[AcrValues] = string.Join(' ', requirement.AcrValues);
    }

    public static RecentAuthenticationRequirement? Read(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(MaxAge, out var maxAge) && properties.Items.TryGetValue(AcrValues, out var acrValues)
            ? new(TimeSpan.FromSeconds(long.Parse(maxAge!, CultureInfo.InvariantCulture)), acrValues!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : null;

    public static void Send(AuthenticationProperties properties, OpenIdConnectMessage request)
    {
        if (Read(properties) is { } requirement)
        {
            request.MaxAge = properties.Items[MaxAge];
            request.AcrValues = requirement.AcrValues.Count > 0 ? properties.Items[AcrValues] : null;
        }
    }
}
