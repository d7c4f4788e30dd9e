namespace IdentityHub.Audit;

/// <summary>
/// What happened, to whom, by whom. Entries are added to the transaction of the act they describe, so that there is
/// never one without the other; they are never changed and carry no secret, token or e-mail address. Afterwards each gets
/// its place in a chain of hashes, by which a change made past the hub is found.
/// </summary>
internal static class AuditSetup
{
    public static WebApplicationBuilder AddAudit(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<AuditHeadKey>();
        builder.Services.AddScoped<AuditVerification>();
        builder.Services.AddSingleton<AuditSealing>().AddHostedService(services => services.GetRequiredService<AuditSealing>());
        return builder;
    }
}
