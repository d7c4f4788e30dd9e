using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>
/// One person at one browser, driven over HTTP without a browser: fast enough for thousands of rounds. What relying
/// parties do on the back channel is <see cref="TokenClient"/>.
/// </summary>
internal sealed class HubDriver(Uri hub, CookieJar? cookies = null)
{
    private readonly HubPages _pages = new(hub, cookies ??= new CookieJar());

    public CookieJar Cookies { get; } = cookies;

    public TokenClient Back { get; } = new(hub);

    /// <summary>A thief's copy of this browser: the same cookies, from now on apart.</summary>
    public HubDriver Copy() => new(hub, Cookies.Copy());

    /// <summary>The same cookies at another node.</summary>
    public HubDriver At(Uri node) => new(node, Cookies.Copy());

    /// <summary>Signs in on the hub's own page. Fails unless the person is signed in afterwards.</summary>
    public async Task SignInAsync(string email, string password)
    {
        var page = await TrySignInAsync(email, password);
        if (page.Shows("sign-in"))
        {
            throw page.Unexpected("to be signed in");
        }
    }

    /// <summary>Signs in on the hub's own page.</summary>
    /// <returns>Where that led: the sign-in page again where the hub refused, or where the session has ended since.</returns>
    public async Task<Page> TrySignInAsync(string email, string password)
    {
        var page = await _pages.GetAsync(new Uri(hub, "/sign-in"));
        var form = page.Form("sign-in") ?? throw page.Unexpected("the sign-in form");
        page = await _pages.PressAsync(page, form, "sign-in", ("email", email), ("password", password));
        return (int)page.Status < 500 ? page : throw page.Unexpected("an answer");
    }

    public Task<Page> GetAsync(string path) => _pages.GetAsync(new Uri(hub, path));

    public Task<Page> PressAsync(Page page, HtmlForm form, string buttonId) => _pages.PressAsync(page, form, buttonId);

    /// <summary>Authorization code with PKCE. Allows what a consent page asks; signs in where asked and a person is given.</summary>
    public async Task<Answer<AuthorizationCode>> AuthorizeAsync(
        RelyingPartySettings relyingParty,
        string scope = "openid profile email",
        string? prompt = null,
        (string Email, string Password)? person = null)
    {
        var verifier = Random(32);
        var page = await _pages.GetAsync(AuthorizeAddress(relyingParty, scope, prompt, verifier));
        if (person is { } known && page.Form("sign-in") is { } signIn)
        {
            page = await _pages.PressAsync(page, signIn, "sign-in", ("email", known.Email), ("password", known.Password));
        }

        if (page.Form("allow") is { } consent)
        {
            page = await _pages.PressAsync(page, consent, "allow");
        }

        if (page.Error is { } error)
        {
            return error;
        }

        return page.Query.TryGetValue("code", out var code)
            ? new AuthorizationCode(code.ToString(), verifier, relyingParty)
            : page.Shows("sign-in") ? new OAuthError("login_required", "The hub shows its sign-in page.", (int)page.Status) : throw page.Unexpected("a code");
    }

    /// <summary><c>prompt=none</c>: succeeds exactly while the session lives.</summary>
    public Task<Answer<AuthorizationCode>> AskSilentlyAsync(RelyingPartySettings relyingParty) => AuthorizeAsync(relyingParty, "openid", "none");

    /// <summary>Authorizes and redeems: signed in at the relying party.</summary>
    public async Task<Tokens> EnterAsync(RelyingPartySettings relyingParty, string scope = "openid profile email", (string Email, string Password)? person = null) =>
        (await Back.RedeemAsync((await AuthorizeAsync(relyingParty, scope, person: person)).Expect())).Expect();

    /// <summary>RP-Initiated Logout, confirming where the hub asks (RP-Initiated Logout 1.0 §2).</summary>
    /// <returns>The logged-out page of the hub, or the address outside that the person was sent to.</returns>
    public async Task<Page> EndSessionAsync(RelyingPartySettings? relyingParty = null, string? idTokenHint = null, Uri? postLogoutRedirectUri = null, string? state = null) =>
        await (await AskToEndSessionAsync(relyingParty, idTokenHint, postLogoutRedirectUri, state))();

    /// <summary>The same up to the hub's question; what is returned says yes to it.</summary>
    public async Task<Func<Task<Page>>> AskToEndSessionAsync(RelyingPartySettings? relyingParty = null, string? idTokenHint = null, Uri? postLogoutRedirectUri = null, string? state = null)
    {
        var page = await _pages.GetAsync(EndSessionAddress(relyingParty?.ClientId, idTokenHint, postLogoutRedirectUri, state));
        return page.Form("sign-out") is { } confirmation ? () => _pages.PressAsync(page, confirmation, "sign-out") : () => Task.FromResult(page);
    }

    /// <summary>Asks for the end of the session and closes the connection when <paramref name="leave"/> says so, answered or not.</summary>
    public async Task AbandonEndSessionAsync(string idTokenHint, CancellationToken leave)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, EndSessionAddress(idTokenHint: idTokenHint));
        Cookies.ApplyTo(request.Headers);
        try
        {
            using var answer = await HubPages.SendAsync(request, leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // Gone, which is what the caller wanted.
        }
    }

    private Uri EndSessionAddress(string? clientId = null, string? idTokenHint = null, Uri? postLogoutRedirectUri = null, string? state = null) => Address("/end-session", new()
    {
        ["client_id"] = clientId,
        ["id_token_hint"] = idTokenHint,
        ["post_logout_redirect_uri"] = postLogoutRedirectUri?.AbsoluteUri,
        ["state"] = state,
    });

    /// <summary>Where a relying party sends the browser (OpenID Connect Core §3.1.2.1).</summary>
    public Uri AuthorizeAddress(RelyingPartySettings relyingParty, string scope, string? prompt = null, string? verifier = null) => Address("/authorize", new()
    {
        ["response_type"] = "code",
        ["client_id"] = relyingParty.ClientId,
        ["redirect_uri"] = relyingParty.RedirectUri.AbsoluteUri,
        ["scope"] = scope,
        ["state"] = Random(16),
        ["nonce"] = Random(16),
        ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier ?? Random(32)))),
        ["code_challenge_method"] = "S256",
        ["prompt"] = prompt,
    });

    private Uri Address(string path, Dictionary<string, string?> parameters) =>
        new(QueryHelpers.AddQueryString(new Uri(hub, path).AbsoluteUri, parameters.Where(parameter => parameter.Value is not null)));

    private static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
