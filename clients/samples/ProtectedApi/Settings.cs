namespace ProtectedApi;

/// <summary>What JWT bearer itself would only miss at the first request.</summary>
internal static class Settings
{
    public static void Check(IConfigurationSection hub)
    {
        foreach (var (name, what) in new[] { ("Authority", "the hub's issuer, for example http://localhost:5000"), ("Audience", "the audience that the hub writes into tokens for this API (RelyingParties:n:Audiences)") })
        {
            if (string.IsNullOrWhiteSpace(hub[name]))
            {
                throw new SettingMissingException($"Hub:{name} is missing; set it to {what}.");
            }
        }
    }
}

internal sealed class SettingMissingException(string message) : Exception(message);
