namespace IdentityHub.Persons;

/// <summary>
/// What the hub knows of a person and what belongs to an account, whoever asks: where somebody is signed in, what
/// happened, which applications are connected, how an account begins, and what is erased when it goes.
/// </summary>
internal static class PersonsSetup
{
    public static WebApplicationBuilder AddPersons(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<SessionList>();
        builder.Services.AddScoped<ActivityLog>();
        builder.Services.AddScoped<ConnectedApplications>();
        builder.Services.AddScoped<PersonalData>();
        builder.Services.AddScoped<NewPersons>();
        builder.Services.AddScoped<AccountClosing>();
        builder.Services.AddSingleton<PasswordRules>();
        return builder;
    }
}
