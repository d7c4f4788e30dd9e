using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityHub.EndToEnd;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Benchmarks;

/// <summary>The peer as a process: npm <c>oidc-provider</c> with the lines of <c>peer/provider.mjs</c>.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "IdentityHub.Benchmarks", "peer");

    /// <summary>Its name and the version that is compared with.</summary>
    public static string Title => $"oidc-provider {(string?)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")))!["dependencies"]!["oidc-provider"]}";

    private readonly ChildProcess _process;

    private PeerProcess(ChildProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => _process.Id;

    public static async Task<PeerProcess> StartAsync(IEnumerable<RelyingPartySettings> parties)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "oidc-provider")))
        {
            await ChildProcess.RunAsync(new Launch(Installed.Require("npm", "npm"), "ci", "--no-audit", "--no-fund") { WorkingFolder = Folder }, TimeSpan.FromMinutes(5));
        }

        var clients = parties.Select(party => new
        {
            client_id = party.ClientId,
            client_secret = party.ClientSecret,
            redirect_uris = new[] { party.RedirectUri },
            backchannel_logout_uri = party.BackChannelLogoutUri,
            id_token_signed_response_alg = party.IdTokenSignedResponseAlg,
        });
        var address = new UriBuilder(Uri.UriSchemeHttp, "localhost", FreePorts.Next()).Uri;
        var peer = new PeerProcess(ChildProcess.Start(new Launch(Installed.Require("node", "nodejs"), "provider.mjs", address.Port.ToString(CultureInfo.InvariantCulture), JsonSerializer.Serialize(clients))
        {
            Name = "peer",
            WorkingFolder = Folder,
            Environment = new Dictionary<string, string?> { ["NODE_ENV"] = "production" },
        }), address);
        try
        {
            await peer._process.WaitForUrlAsync(new Uri(address, "/.well-known/openid-configuration"), TimeSpan.FromSeconds(60));
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
