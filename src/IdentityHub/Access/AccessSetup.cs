using IdentityHub.Data;

namespace IdentityHub.Access;

/// <summary>
/// Who may pass, whatever page it is: somebody who is signed in, somebody who proved a moment ago who they are, somebody
/// with a capability in the administration. The pages of a person and those of an administrator share it and nothing else.
/// </summary>
internal static class AccessSetup
{
    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration("Account")
            .Validate<IServiceProvider>((options, _) => options.Refusal() is { } refusal ? throw new SettingException(refusal) : true)
            .ValidateOnStart();
        builder.Services.AddSingleton<RecentAuthentication>();
        builder.Services.AddScoped<Administrators>();
        return builder;
    }
}
