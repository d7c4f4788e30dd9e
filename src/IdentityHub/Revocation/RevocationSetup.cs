using IdentityHub.Data;

namespace IdentityHub.Revocation;

/// <summary>
/// Ends sessions: why, whose, which tokens with them, and who is told. The policy table is the single place of the
/// rule and <see cref="SessionRevoker"/> the single place of the act. Never talks to a network and never brings a
/// session back.
/// </summary>
internal static class RevocationSetup
{
    public static WebApplicationBuilder AddRevocation(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<SessionRevoker>();
        builder.Services.AddScoped<Withdrawal>();
        builder.Services.AddSingleton<Notices>();
        builder.Services.AddScoped<Confirmations>();
        builder.Services.AddHostedService<ExpiredSessions>();
        builder.Services.AddHostedService<EndedSessions>();
        builder.Services.AddScoped<MassRevocations>();
        builder.Services.AddHostedService<MassRevocationRunner>();
        builder.Services.AddOptions<MassRevocationOptions>().BindConfiguration("MassRevocation")
            .Validate<IServiceProvider>((options, _) => options.Refusal() is { } refusal ? throw new SettingException(refusal) : true)
            .ValidateOnStart();
        return builder;
    }
}
