using System.Net;

namespace IdentityHub.Data;

/// <summary>Reads the section <c>Hub</c> and makes sure that the installation can stand on it.</summary>
internal static class HubSettings
{
    public static HubOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var hub = configuration.GetSection("Hub").Get<HubOptions>() ?? new HubOptions();
        if (Refusal(hub, environment.IsDevelopment()) is { } refusal)
        {
            throw new SettingException(refusal);
        }

        // One spelling everywhere: relying parties compare the issuer as a string (RFC 9207 §2.4).
        hub.Issuer = hub.Issuer.TrimEnd('/');
        hub.DataFolder = WritableFolder(hub.DataFolder);
        return hub;
    }

    /// <summary>The issuer alone, for what is configured before options exist. <see cref="Read"/> has checked it.</summary>
    public static Uri Issuer(IConfiguration configuration) => new(configuration["Hub:Issuer"]!);

    private static string? Refusal(HubOptions hub, bool development)
    {
        if (string.IsNullOrWhiteSpace(hub.Issuer))
        {
            return "Hub:Issuer is missing; set it to the address people reach the hub at, for example https://id.example.com.";
        }

        if (!Uri.TryCreate(hub.Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not ("https" or "http"))
        {
            return $"Hub:Issuer is '{hub.Issuer}'; it must be an absolute https address, for example https://id.example.com.";
        }

        if (issuer.Query.Length > 0 || issuer.Fragment.Length > 0 || issuer.UserInfo.Length > 0)
        {
            return $"Hub:Issuer is '{hub.Issuer}'; it must have no query, fragment or user name (RFC 8414 §2).";
        }

        if (issuer.AbsolutePath is not "/")
        {
            return $"Hub:Issuer is '{hub.Issuer}'; it must have no path: give the hub a host name of its own, for example https://id.example.com.";
        }

        if (issuer.Scheme is "http" && !development)
        {
            return $"Hub:Issuer is '{hub.Issuer}'; outside development it must be https, because session cookies and tokens would travel in clear text. Set an https address, or ASPNETCORE_ENVIRONMENT to Development on your own machine.";
        }

        return hub.TrustedProxies.FirstOrDefault(p => !IPAddress.TryParse(p, out _) && !IPNetwork.TryParse(p, out _)) is { } proxy
            ? $"Hub:TrustedProxies has '{proxy}'; each entry must be an IP address or a network such as 10.0.0.0/8."
            : null;
    }

    private static string WritableFolder(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            folder = Path.Combine(home.Length > 0 ? home : AppContext.BaseDirectory, "IdentityHub");
        }

        folder = Path.GetFullPath(folder);
        var probe = Path.Combine(folder, $".writable-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return folder;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SettingException($"Hub:DataFolder is '{folder}', where the hub cannot write ({problem.Message.TrimEnd('.')}); give the folder to the hub's user or set Hub:DataFolder to another one.");
        }
    }
}
