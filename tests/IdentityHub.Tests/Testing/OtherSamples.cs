using System.Globalization;

namespace IdentityHub.Tests.Testing;

/// <summary>The sample applications that are not .NET: how to start each of them for a provider.</summary>
internal static class OtherSamples
{
    private const string WebUser = "www-data";
    private static readonly string[] ApacheFolders = ["/usr/sbin"];
    private const string ApacheModule = "/usr/lib/apache2/modules/mod_auth_openidc.so";

    /// <summary>It comes from Debian's packages, which not every machine can have.</summary>
    public static bool ApacheIsInstalled => Installed.Find("apache2", ApacheFolders) is not null && File.Exists(ApacheModule);

    public const string NoApache = "Apache with mod_auth_openidc is not installed: Debian's packages apache2 and libapache2-mod-auth-openidc.";

    /// <summary>The Node application on <c>express-openid-connect</c>, at <c>http://localhost:port</c>.</summary>
    public static Launch Express(int port, string issuer, string clientId, string clientSecret, string cookieSecret)
    {
        var folder = Path.Combine(Repository.Root, "clients", "samples", "express");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "express-openid-connect")))
        {
            throw new DirectoryNotFoundException($"npm's express-openid-connect is not installed: run 'npm ci' in {folder} (infra/test does).");
        }

        return new Launch(Installed.Require("node", "nodejs"), "server.js")
        {
            Name = "express",
            WorkingFolder = folder,
            Environment = Settings(port, issuer, clientId, clientSecret, cookieSecret),
        };
    }

    /// <summary>
    /// Apache with mod_auth_openidc, at <c>http://localhost:port</c>, from a copy in <paramref name="folder"/>: its user need
    /// not be able to read the repository. Never root: that one hands it to the user that Debian has for it.
    /// </summary>
    public static async Task<Launch> ApacheAsync(TemporaryFolder folder, int port, string issuer, string clientId, string clientSecret, string cookieSecret)
    {
        var sample = Path.Combine(Repository.Root, "clients", "samples", "apache");
        var user = Environment.IsPrivilegedProcess ? WebUser : null;
        await ChildProcess.RunAsync(new Launch(Installed.Require("cp", "coreutils"), "-R", sample + "/.", folder.Path));
        if (user is not null)
        {
            await ChildProcess.RunAsync(new Launch(Installed.Require("chown", "coreutils"), "-R", $"{user}:", folder.Path));
        }

        return new Launch(folder.File("start"))
        {
            Name = "apache",
            WorkingFolder = folder.Path,
            User = user,
            Environment = new Dictionary<string, string?>(Settings(port, issuer, clientId, clientSecret, cookieSecret)) { ["FOLDER"] = folder.Path },
        };
    }

    private static Dictionary<string, string?> Settings(int port, string issuer, string clientId, string clientSecret, string cookieSecret) => new()
    {
        ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
        ["BASE_URL"] = null,
        ["ISSUER_BASE_URL"] = issuer,
        ["ISSUER"] = issuer,
        ["CLIENT_ID"] = clientId,
        ["CLIENT_SECRET"] = clientSecret,
        ["SECRET"] = cookieSecret,
    };
}
