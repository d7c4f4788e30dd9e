using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using IdentityHub.Client.Tests.Testing;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Interoperability;

/// <summary>
/// Two <c>Notes</c>, unchanged, at a provider that shares no line with ours: npm <c>oidc-provider</c>, with the lines of its
/// own documentation (tests/node/provider.mjs).
/// </summary>
public sealed partial class OidcProviderTests
{
    private const string First = "first";
    private const string Second = "second";

    [Fact]
    public async Task Signing_out_at_one_application_ends_the_other_through_the_back_channel()
    {
        var (providerPort, firstPort, secondPort) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        var issuer = NotesProcess.Address(providerPort).AbsoluteUri.TrimEnd('/');
        await using var provider = await StartProviderAsync(providerPort, issuer, (First, firstPort), (Second, secondPort));
        var (firstProcess, first) = await NotesProcess.StartAsync(firstPort, issuer, First, ("Hub__CookieName", First));
        await using var _ = firstProcess;
        var (secondProcess, second) = await NotesProcess.StartAsync(secondPort, issuer, Second, ("Hub__CookieName", Second));
        await using var __ = secondProcess;
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false });

        await SignInAsync(browser, new Uri(first, "/dashboard"));
        await SignInAsync(browser, new Uri(second, "/dashboard"));
        var (firstCopy, secondCopy) = (Copy(cookies, first, First), Copy(cookies, second, Second));
        var me = await MeAsync(first, First, firstCopy);
        Assert.Equal("ada", me!.RootElement.GetProperty("sub").GetString());
        Assert.Equal("Person ada", me.RootElement.GetProperty("name").GetString());
        Assert.NotEmpty(me.RootElement.GetProperty("sid").GetString()!);
        Assert.NotNull(await MeAsync(second, Second, secondCopy));

        await SignOutAsync(browser, first);

        Assert.Null(await MeAsync(first, First, firstCopy));
        // Nobody but the provider has told the second one. It tells in the background of the person's request.
        await provider.WaitForLineAsync(ToldSecond(), TimeSpan.FromSeconds(20));
        Assert.Null(await MeAsync(second, Second, secondCopy));
    }

    private static async Task<ChildProcess> StartProviderAsync(int port, string issuer, params (string ClientId, int Port)[] clients)
    {
        var folder = Path.Combine(Repository.Root, "tests", "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "oidc-provider")))
        {
            throw new DirectoryNotFoundException($"npm's oidc-provider is not installed: run 'npm ci' in {folder} (infra/test does).");
        }

        var metadata = clients.Select(client => new
        {
            client_id = client.ClientId,
            client_secret = NotesProcess.ClientSecret,
            token_endpoint_auth_method = "client_secret_post",
            redirect_uris = new[] { new Uri(NotesProcess.Address(client.Port), "/signin-oidc") },
            post_logout_redirect_uris = new[] { new Uri(NotesProcess.Address(client.Port), "/signout-callback-oidc") },
            backchannel_logout_uri = new Uri(NotesProcess.Address(client.Port), "/backchannel-logout"),
            backchannel_logout_session_required = true,
        });
        var process = ChildProcess.Start(new Launch(Installed.Require("node", "nodejs"), "provider.mjs")
        {
            Name = "oidc-provider",
            WorkingFolder = folder,
            Environment = new Dictionary<string, string?>
            {
                ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
                ["CLIENTS"] = JsonSerializer.Serialize(metadata),
            },
        });
        await process.WaitForUrlAsync(new Uri(issuer + "/.well-known/openid-configuration"), TimeSpan.FromSeconds(60));
        return process;
    }

    /// <summary>Opens a page that needs a signed-in person, and fills in whatever the provider asks on the way.</summary>
    private static async Task SignInAsync(HttpClient browser, Uri page)
    {
        var answer = await browser.GetAsync(page);
        for (var asked = 0; asked < 3 && answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/interaction/", StringComparison.Ordinal); asked++)
        {
            var html = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            var prompt = Prompt().Match(html).Groups[1].Value;
            Assert.Contains(prompt, new[] { "login", "consent" });
            answer = await browser.PostAsync(answer.RequestMessage.RequestUri, Form(
                prompt == "login" ? [("prompt", prompt), ("login", "ada"), ("password", "any")] : [("prompt", prompt)]));
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(page, answer.RequestMessage!.RequestUri);
    }

    /// <summary>The application's own form, then the provider's question, then back at the application.</summary>
    private static async Task SignOutAsync(HttpClient browser, Uri application)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(application, "/sign-out")) { Headers = { { "Sec-Fetch-Site", "same-origin" } } };
        var question = await browser.SendAsync(request);
        var html = await question.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        var xsrf = Xsrf().Match(html).Groups[1].Value;
        Assert.NotEmpty(xsrf);

        var back = await browser.PostAsync(new Uri(question.RequestMessage!.RequestUri!, "/session/end/confirm"), Form([("xsrf", xsrf), ("logout", "yes")]));

        Assert.Equal(application, back.RequestMessage!.RequestUri);
    }

    private static string Copy(CookieContainer cookies, Uri application, string name) => cookies.GetCookies(application)[name]!.Value;

    /// <summary>What <c>/me</c> says to a copied cookie, or null when it is dead.</summary>
    private static async Task<JsonDocument?> MeAsync(Uri application, string cookie, string value)
    {
        using var thief = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(application, "/me")) { Headers = { { "Cookie", $"{cookie}={value}" } } };
        var answer = await thief.SendAsync(request);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized });
        return answer.StatusCode == HttpStatusCode.OK ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    [GeneratedRegex("""name="prompt" value="(\w+)""")]
    private static partial Regex Prompt();

    [GeneratedRegex("""name="xsrf" value="(\w+)""")]
    private static partial Regex Xsrf();

    [GeneratedRegex("^told second$", RegexOptions.Multiline)]
    private static partial Regex ToldSecond();
}
