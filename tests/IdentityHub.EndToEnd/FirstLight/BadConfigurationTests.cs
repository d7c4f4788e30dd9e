using System.Net;
using System.Net.Sockets;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>A setting that cannot work stops the start with one sentence that names it and the fix.</summary>
public sealed class BadConfigurationTests(SharedServers servers) : IDisposable
{
    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["no issuer"] = new(Set("Hub__Issuer", null), "Hub:Issuer is missing", "https://id.example.com"),
        ["an issuer that is no address"] = new(Set("Hub__Issuer", "id.example.com"), "Hub:Issuer is 'id.example.com'", "absolute https address"),
        ["an http issuer outside development"] = new(Set("ASPNETCORE_ENVIRONMENT", "Production"), "Hub:Issuer is", "Set an https address"),
        ["an unknown provider"] = new(Set("Database__Provider", "Oracle"), "Database:Provider is 'Oracle'", "Sqlite or Postgres"),
        ["PostgreSQL without a connection string"] = new(Set("Database__Provider", "Postgres"), "ConnectionStrings:Database is missing", "Host="),
        ["a connection string that is none"] = new(Set("Database__Provider", "Postgres").And("ConnectionStrings__Database", "db.example.com"), "ConnectionStrings:Database", "Host="),
        ["an unknown transport"] = new(Set("Messaging__Transport", "Kafka"), "Messaging:Transport is 'Kafka'", "InMemory (one node) or RabbitMq"),
        ["RabbitMQ without an address"] = new(Set("Messaging__Transport", "RabbitMq"), "ConnectionStrings:RabbitMq", "amqp://"),
        ["a logout address with a fragment"] = new(RelyingParty("BackChannelLogoutUri", "https://app.example.com/logout#here"), "RelyingParties:0:BackChannelLogoutUri", "from the # on"),
        ["a misspelt member of an application"] = new(RelyingParty("RedirectUri", "https://app.example.com/callback"), "RelyingParties:0", "RedirectUris"),
        ["a duration that is none"] = new(Set("BackChannelLogout__Timeout", "quickly"), "BackChannelLogout:Timeout", "quickly"),
        ["a duration out of bounds"] = new(Set("BackChannelLogout__Timeout", "00:05:00"), "BackChannelLogout:Timeout is 00:05:00", "between 1 and 30 seconds"),
        ["a secret that is too short"] = new(Set("Keys__Secret", "hunter2"), "Keys:Secret", "base64"),
        ["an address that is none"] = new(Set("ASPNETCORE_URLS", "nowhere"), "--urls (ASPNETCORE_URLS) has 'nowhere'", "http://localhost:5000"),
        ["a data folder that cannot be written"] = new(Set("Hub__DataFolder", "/proc/version/hub"), "Hub:DataFolder is '/proc/version/hub'", "give the folder to the hub's user"),
        ["PostgreSQL that does not answer"] = new(Postgres($"Host=127.0.0.1;Port={FreePorts.Next()};Username=hub;Database=hub"), "cannot be reached", "ConnectionStrings:Database"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public Task One_sentence_names_the_setting_and_the_fix(string name) => AssertRefusedAsync(Cases[name]);

    [Fact]
    public async Task A_database_that_is_not_migrated_names_the_command()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();

        await AssertRefusedAsync(new Case(Postgres(database), "The database lacks", "hub migrate"));
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, FreePorts.Next());
        other.Start();
        var address = $"http://{other.LocalEndpoint}";

        await AssertRefusedAsync(new Case(Set("ASPNETCORE_URLS", address), address, "--urls"));
    }

    [Fact]
    public async Task A_registration_on_the_command_line_that_cannot_work_names_the_option()
    {
        var (code, output, errors) = await RunAsync(
            Set("ASPNETCORE_ENVIRONMENT", "Development"),
            "rp", "add", "--client-id", "app", "--redirect-uri", "https://app.example.com/callback", "--backchannel-logout-uri", "https://app.example.com/#logout");

        Assert.Equal(2, code);
        Assert.Contains("--backchannel-logout-uri", Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("client_secret", output, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(Case wrong)
    {
        var (code, output, errors) = await RunAsync(wrong.Settings, "serve");

        var sentence = Assert.Single(errors);
        Assert.StartsWith("IdentityHub cannot start: ", sentence, StringComparison.Ordinal);
        Assert.Contains(wrong.Setting, sentence, StringComparison.Ordinal);
        Assert.Contains(wrong.Fix, sentence, StringComparison.Ordinal);
        Assert.NotEqual(0, code);
        // Nor does the log frighten with what the sentence has said.
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", output, StringComparison.Ordinal);
    }

    // Standard error apart from standard output, which is the log.
    private async Task<(int Code, string Output, string[] Errors)> RunAsync(Settings wrong, params IEnumerable<string> arguments)
    {
        var environment = new HubSettings { Port = FreePorts.Next(), DataFolder = _folder.Path, More = wrong.Values }.ToEnvironment();
        var errors = _folder.File("errors");
        var hub = Launch.Dotnet(Processes.Built("hub.dll"), arguments);
        await using var process = ChildProcess.Start(new Launch("/bin/sh", ["-c", "errors=$1; shift; exec \"$@\" 2>\"$errors\"", "sh", errors, hub.Program, .. hub.Arguments])
        {
            Name = "hub",
            Environment = environment,
            WorkingFolder = _folder.Path,
        });
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        return (code, process.Output, await File.ReadAllLinesAsync(errors));
    }

    private static Settings Set(string name, string? value) => new(new() { [name] = value });

    private static Settings Postgres(string connection) => Set("Database__Provider", "Postgres").And("ConnectionStrings__Database", connection);

    private static Settings RelyingParty(string member, string value) => Set("RelyingParties__0__ClientId", "app")
        .And("RelyingParties__0__RedirectUris__0", "https://app.example.com/callback").And($"RelyingParties__0__{member}", value);

    private sealed record Case(Settings Settings, string Setting, string Fix);

    private sealed record Settings(Dictionary<string, string?> Values)
    {
        public Settings And(string name, string? value) => new(new Dictionary<string, string?>(Values) { [name] = value });
    }
}
