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
        builder.Services.AddScoped<Confirmations>();
        builder.Services.AddHostedService<ExpiredSessions>();
        builder.Services.AddHostedService<EndedSessions>();
        return builder;
    }
}
