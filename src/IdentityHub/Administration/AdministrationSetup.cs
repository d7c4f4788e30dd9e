namespace IdentityHub.Administration;

/// <summary>
/// What the administration knows and does, for its pages, the API and the command line alike. Whoever calls says who
/// asked; whether they may is decided before, in <c>Access</c>. It never asks for a table without a page, and ends a
/// session by <c>Revocation</c> alone.
/// </summary>
internal static class AdministrationSetup
{
    public static WebApplicationBuilder AddAdministration(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<AdministratorList>();
        builder.Services.AddScoped<Invitations>();
        builder.Services.AddScoped<People>();
        builder.Services.AddScoped<PersonDetails>();
        builder.Services.AddScoped<PersonActs>();
        builder.Services.AddScoped<LiveSessionList>();
        builder.Services.AddScoped<AuditSearch>();
        builder.Services.AddPartyAdministration();
        builder.Services.AddScoped<Overview>();
        builder.Services.AddHostedService<OverviewCount>();
        return builder;
    }
}
