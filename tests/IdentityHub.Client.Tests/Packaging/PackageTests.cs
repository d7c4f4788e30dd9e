using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Client.Tests.Testing;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Packaging;

/// <summary>The package as somebody meets it who knows nothing but its README.</summary>
public sealed partial class PackageTests
{
    private const string Version = "0.0.0-test";
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_new_application_becomes_a_relying_party_with_the_lines_of_the_README()
    {
        using var folder = new TemporaryFolder();
        await PackAsync(folder, "IdentityHub.Client");
        var app = await NewApplicationAsync(folder);
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "clients", "IdentityHub.Client", "README.md"), TestContext.Current.CancellationToken);
        await using var provider = await FakeProvider.StartAsync(TimeProvider.System);
        var lines = CSharp().Match(readme).Groups[1].Value
            .Replace("https://id.example.com", provider.Issuer, StringComparison.Ordinal)
            .Replace("\"notes\"", $"\"{Application.ClientId}\"", StringComparison.Ordinal);
        Assert.Contains("AddIdentityHub", lines, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), lines, TestContext.Current.CancellationToken);
        await DotnetAsync(app, "build", "-c", Configuration, "-o", folder.File("built"));

        var url = NotesProcess.Address(FreePorts.Next());
        await using var process = ChildProcess.Start(Launch.Dotnet(folder.File("built/app.dll")) with
        {
            WorkingFolder = app,
            Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = url.AbsoluteUri, ["ClientSecret"] = "secret" },
        });
        await process.WaitForUrlAsync(new Uri(url, "/signed-out"), TimeSpan.FromSeconds(60));
        using var browser = new Browser(url, privatePage: "/dashboard");
        Assert.Equal("Hello, Ada Lovelace.", await browser.GetStringAsync("/dashboard"));
        Assert.True(await browser.IsSignedInAsync());

        var answer = await browser.PostFormAsync("/backchannel-logout", ("logout_token", provider.LogoutToken(provider.NextSid)));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("IdentityHub.Client")]
    [InlineData("IdentityHub.Client.EntityFrameworkCore")]
    public async Task The_package_has_its_README_icon_documentation_and_symbols(string package)
    {
        using var folder = new TemporaryFolder();
        await PackAsync(folder, package);

        var names = Names(folder.File($"feed/{package}.{Version}.nupkg"));
        Assert.Contains("README.md", names);
        Assert.Contains("icon.png", names);
        Assert.Contains($"lib/net10.0/{package}.dll", names);
        Assert.Contains($"lib/net10.0/{package}.xml", names);
        Assert.Contains($"lib/net10.0/{package}.pdb", Names(folder.File($"feed/{package}.{Version}.snupkg")));
    }

    private static HashSet<string> Names(string archive)
    {
        using var zip = ZipFile.OpenRead(archive);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>What was built with these tests, into a feed that is a folder.</summary>
    private static Task PackAsync(TemporaryFolder folder, string project) => DotnetAsync(
        Path.Combine(Repository.Root, "clients", project),
        "pack", "--no-build", "-c", Configuration, "-o", folder.File("feed"), $"-p:PackageVersion={Version}");

    private static async Task<string> NewApplicationAsync(TemporaryFolder folder)
    {
        // NuGet takes a version it has seen for the same package, so what it unpacks goes into this folder too. Everything
        // else is on this machine since these tests were built.
        var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(folder.File("nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><add key="local" value="feed" /></packageSources>
              <fallbackPackageFolders><add key="known" value="{known}" /></fallbackPackageFolders>
            </configuration>
            """, TestContext.Current.CancellationToken);
        await DotnetAsync(folder.Path, "new", "web", "-n", "app", "-o", "app", "--no-restore");
        var app = folder.File("app");
        await DotnetAsync(app, "add", "package", "IdentityHub.Client", "--version", Version);
        return app;
    }

    private static Task<string> DotnetAsync(string where, params IReadOnlyList<string> arguments) =>
        ChildProcess.RunAsync(
            new Launch(Installed.Require("dotnet", "dotnet-sdk-10.0"), [.. arguments])
            {
                Name = "dotnet-" + arguments[0],
                WorkingFolder = where,
                Environment = new Dictionary<string, string?>
                {
                    ["DOTNET_NOLOGO"] = "1",
                    ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                    // It would go before the folder of the nuget.config.
                    ["NUGET_PACKAGES"] = null,
                    // No server of this build may outlive it and hold the folder.
                    ["MSBUILDDISABLENODEREUSE"] = "1",
                },
            },
            Limit);

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
