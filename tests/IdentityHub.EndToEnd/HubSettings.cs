using System.Globalization;

namespace IdentityHub.EndToEnd;

/// <summary>What one hub process is told, as an operator would: by environment variables.</summary>
internal sealed record HubSettings
{
    public required int Port { get; init; }

    /// <summary>Nodes of one hub, and a hub behind a proxy, share an issuer that is not the node's own address.</summary>
    public Uri? Issuer { get; init; }

    /// <summary>Null: SQLite in the data folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>Null: the in-memory transport.</summary>
    public Uri? RabbitMq { get; init; }

    public required string DataFolder { get; init; }

    public IReadOnlyList<RelyingPartySettings> RelyingParties { get; init; } = [];

    public bool RequireConfirmedEmail { get; init; }

    /// <summary>Any other setting, by its environment name, for example <c>BackChannelLogout__Timeout</c>.</summary>
    public IReadOnlyDictionary<string, string?> More { get; init; } = new Dictionary<string, string?>();

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}"));

    public IReadOnlyDictionary<string, string?> ToEnvironment()
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority),
            ["Hub__Issuer"] = (Issuer ?? Address).AbsoluteUri.TrimEnd('/'),
            ["Hub__DataFolder"] = DataFolder,
            ["Database__Provider"] = Postgres is null ? "Sqlite" : "Postgres",
            ["ConnectionStrings__Database"] = Postgres,
            ["Messaging__Transport"] = RabbitMq is null ? "InMemory" : "RabbitMq",
            ["ConnectionStrings__RabbitMq"] = RabbitMq?.AbsoluteUri,
            // Most tests sign out seconds after they signed in and count the tokens; those of the second ring set it.
            ["BackChannelLogout__RingAgainWithin"] = "00:00:00",
            // People of tests register and go on; those that are about the mailbox say so.
            ["Account__RequireConfirmedEmail"] = RequireConfirmedEmail ? "true" : "false",
        };
        for (var index = 0; index < RelyingParties.Count; index++)
        {
            foreach (var (name, value) in RelyingParties[index].ToEnvironment(index))
            {
                environment[name] = value;
            }
        }

        foreach (var (name, value) in More)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>The same for a hub in the test process, as arguments of its command line; it writes no log among the results.</summary>
    public string[] ToArguments() =>
    [
        "--environment=Development",
        "--Logging:LogLevel:Default=None",
        $"--urls={Address.GetLeftPart(UriPartial.Authority)}",
        .. ToEnvironment().Where(setting => setting.Value is not null && !setting.Key.StartsWith("ASPNETCORE_", StringComparison.Ordinal))
            .Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
    ];
}
