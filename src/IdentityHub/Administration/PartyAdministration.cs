namespace IdentityHub.Administration;

/// <summary>What is administered of relying parties, of revocations and of keys.</summary>
internal static class PartyAdministration
{
    public static IServiceCollection AddPartyAdministration(this IServiceCollection services) => services
        .AddScoped<RelyingPartyList>()
        .AddScoped<RelyingPartyChanges>()
        .AddScoped<RelyingPartyRemoval>()
        .AddScoped<RevocationList>()
        .AddScoped<SigningKeys>()
        .AddScoped<SyntheticPerson>()
        .AddScoped<LogoutProver>();
}
