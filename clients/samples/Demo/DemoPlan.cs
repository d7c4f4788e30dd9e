using System.Reflection;
using System.Security.Cryptography;

namespace Demo;

/// <summary>What runs where and with which settings; nothing is started here.</summary>
internal sealed class DemoPlan(int portBase, string folder)
{
    private readonly string _notesSecret = NewSecret();
    private readonly string _bankSecret = NewSecret();
    private readonly string _spaSecret = NewSecret();
    private readonly string _apiSecret = NewSecret();

    public string Hub => Address(0);

    public string Notes => Address(1);

    public string Bank => Address(2);

    public string Spa => Address(3);

    public string Api => Address(4);

    public IEnumerable<int> Ports => Enumerable.Range(portBase, 5);

    public Child HubProcess => new("hub", Built("Hub"), Path.Combine(folder, "hub.log"), Hub + "/health/ready", HubSettings());

    public IEnumerable<Child> Applications =>
    [
        new("Notes", Built("Notes"), Path.Combine(folder, "notes.log"), Notes, ApplicationSettings(Notes, "notes", _notesSecret)),
        new("Bank", Built("Bank"), Path.Combine(folder, "bank.log"), Bank, ApplicationSettings(Bank, "bank", _bankSecret)),
        new("Spa", Built("Spa"), Path.Combine(folder, "spa.log"), Spa,
            new Dictionary<string, string>(ApplicationSettings(Spa, "spa", _spaSecret)) { ["Api"] = Api }),
        new("ProtectedApi", Built("ProtectedApi"), Path.Combine(folder, "api.log"), Api + "/health", ApiSettings()),
    ];

    private Dictionary<string, string> HubSettings()
    {
        var settings = Common(Hub);
        settings["Hub__Issuer"] = Hub;
        settings["Hub__DataFolder"] = Path.Combine(folder, "hub");
        Register(0, "notes", "Notes", _notesSecret, Notes);
        Register(1, "bank", "Bank", _bankSecret, Bank);
        Register(2, "spa", "Tasks", _spaSecret, Spa);
        settings["RelyingParties__2__Audiences__0"] = Api;
        // The API signs nobody in; it only reads which sessions have ended.
        settings["RelyingParties__3__ClientId"] = "protected-api";
        settings["RelyingParties__3__ClientSecret"] = _apiSecret;
        settings["RelyingParties__3__GrantTypes__0"] = "client_credentials";
        settings["RelyingParties__3__Scopes__0"] = "revocation_feed";
        return settings;

        void Register(int index, string clientId, string name, string secret, string address)
        {
            var prefix = $"RelyingParties__{index}__";
            settings[prefix + "ClientId"] = clientId;
            settings[prefix + "ClientSecret"] = secret;
            settings[prefix + "DisplayName"] = name;
            settings[prefix + "RedirectUris__0"] = address + "/signin-oidc";
            settings[prefix + "PostLogoutRedirectUris__0"] = address + "/signout-callback-oidc";
            settings[prefix + "BackChannelLogoutUri"] = address + "/backchannel-logout";
            settings[prefix + "BackChannelLogoutSessionRequired"] = "true";
        }
    }

    private Dictionary<string, string> ApplicationSettings(string address, string clientId, string secret)
    {
        var settings = Common(address);
        settings["Hub__Authority"] = Hub;
        settings["Hub__ClientId"] = clientId;
        settings["Hub__ClientSecret"] = secret;
        return settings;
    }

    private Dictionary<string, string> ApiSettings()
    {
        var settings = Common(Api);
        settings["Hub__Authority"] = Hub;
        settings["Hub__Audience"] = Api;
        settings["Hub__RevokedTokens__ClientId"] = "protected-api";
        settings["Hub__RevokedTokens__ClientSecret"] = _apiSecret;
        return settings;
    }

    private static Dictionary<string, string> Common(string address) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development", // plain http, on this machine only
        ["ASPNETCORE_URLS"] = address,
    };

    private string Address(int offset) => $"http://localhost:{portBase + offset}";

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string Built(string name) => typeof(DemoPlan).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == name).Value!;
}
