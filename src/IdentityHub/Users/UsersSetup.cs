using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Users;

/// <summary>
/// People and their credentials, kept by ASP.NET Core Identity. It verifies passwords and factors; it never signs
/// anybody in or out: a session is opened by Sessions and ended by Revocation alone.
/// </summary>
internal static class UsersSetup
{
    public static IdentityBuilder AddUsers(this IServiceCollection services) =>
        services
            .AddIdentityCore<User>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.User.RequireUniqueEmail = true;
                // The e-mail address is the user name, and may contain whatever an address may.
                options.User.AllowedUserNameCharacters = "";
                // ASVS 6.2.1, 6.2.5: length counts, composition does not.
                options.Password.RequiredLength = 8;
                options.Password.RequiredUniqueChars = 1;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
            })
            .AddRoles<Role>()
            .AddDefaultTokenProviders();
}
