using IdentityHub.Data;
using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityHub.RelyingParties;

/// <summary>
/// The applications that may redirect here, what they registered, and what they were granted. Decides whether an
/// address may be registered or connected to; never issues or ends anything.
/// </summary>
internal static class RelyingPartiesSetup
{
    public static WebApplicationBuilder AddRelyingParties(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(DeclaredRelyingParties.Read(builder.Configuration, builder.Environment));
        builder.Services.AddScoped<RelyingPartyRegistry>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddOpenIddict().AddCore(core =>
        {
            core.UseEntityFrameworkCore()
                .UseDbContext<HubDb>()
                .ReplaceDefaultEntities<RelyingParty, Grant, OpenIddictEntityFrameworkCoreScope, IssuedToken, string>();
            core.ReplaceApplicationManager<RelyingParty, RelyingPartyManager>();
        });
        return builder;
    }
}
