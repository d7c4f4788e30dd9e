using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary>What passkeys of this hub are: for its issuer and no other name, found without an address, with the person verified by the device.</summary>
internal static class PasskeySetup
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services.AddScoped<PasskeyCeremonies>();
        services.AddScoped<Passkeys>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<HubOptions>>((passkeys, hub) =>
        {
            // From the setting and never from the request's Host header (attack case 32).
            passkeys.ServerDomain = hub.Value.IssuerUri.Host;
            var origin = hub.Value.IssuerUri.GetLeftPart(UriPartial.Authority);
            passkeys.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == origin);
            // It stands for both factors: a device that did not ask its owner proves only one.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.AttestationConveyancePreference = "none";
            passkeys.AuthenticatorTimeout = TimeSpan.FromMinutes(5);
        });
    }
}
