namespace IdentityHub.Data;

/// <summary>What this node does of what the hub does. Setting <c>Hub:Role</c>, on the command line <c>--role</c>; default: all of it.</summary>
/// <param name="Serves">Pages and endpoints for people and applications.</param>
/// <param name="Dispatches">Telling applications that sessions are over.</param>
internal sealed record HubRoles(bool Serves, bool Dispatches)
{
    /// <exception cref="SettingException">It is no role, or one that the embedded database cannot have.</exception>
    public static HubRoles Of(IConfiguration configuration)
    {
        var role = configuration["Hub:Role"];
        var roles = role?.ToLowerInvariant() switch
        {
            null or "" or "all" => new HubRoles(true, true),
            "web" => new HubRoles(true, false),
            "dispatcher" => new HubRoles(false, true),
            _ => throw new SettingException($"--role (Hub:Role) is '{role}'; it must be web, dispatcher or all."),
        };
        return roles == new HubRoles(true, true) || DatabaseSettings.Provider(configuration) is DatabaseProvider.Postgres
            ? roles
            : throw new SettingException($"--role (Hub:Role) is '{role}'; on SQLite there is one node, which must do all. Leave --role out, or set Database:Provider=Postgres.");
    }
}
