namespace IdentityHub.Persons;

/// <summary>
/// What the hub knows of a person and what belongs to an account, whoever asks: where somebody is signed in, what
/// happened, which applications are connected, and what is erased when an account goes.
/// </summary>
internal static class PersonsSetup
{
    public static WebApplicationBuilder AddPersons(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<SessionList>();
        builder.Services.AddScoped<ActivityLog>();
        builder.Services.AddScoped<ConnectedApplications>();
        builder.Services.AddScoped<PersonalData>();
        return builder;
    }
}
