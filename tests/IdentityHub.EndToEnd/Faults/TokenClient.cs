using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>What a relying party says to the hub without the person: token, userinfo, introspection, revocation.</summary>
internal sealed class TokenClient(Uri hub)
{
    public Task<Answer<Tokens>> RedeemAsync(AuthorizationCode code) => TokensAsync(code.RelyingParty, new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code.Code,
        ["redirect_uri"] = code.RelyingParty.RedirectUri.AbsoluteUri,
        ["code_verifier"] = code.Verifier,
    });

    public Task<Answer<Tokens>> RefreshAsync(RelyingPartySettings relyingParty, string? refreshToken) => TokensAsync(relyingParty, new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = refreshToken ?? throw new InvalidOperationException("No refresh token came with these tokens."),
    });

    /// <summary>RFC 6749 §4.4: an application for itself, without a person.</summary>
    public Task<Answer<Tokens>> ClientCredentialsAsync(RelyingPartySettings relyingParty, string scope) => TokensAsync(relyingParty, new()
    {
        ["grant_type"] = "client_credentials",
        ["scope"] = scope,
    });

    /// <summary>The claims, or the error of the <c>WWW-Authenticate</c> header (RFC 6750 §3).</summary>
    public async Task<Answer<JsonObject>> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub, "/userinfo"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var answer = await HubPages.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        }

        return new OAuthError("invalid_token", answer.Headers.WwwAuthenticate.ToString(), (int)answer.StatusCode);
    }

    /// <summary>RFC 7662 §2.2. <c>active</c> is false for whatever is not alive.</summary>
    public Task<Answer<JsonObject>> IntrospectAsync(RelyingPartySettings relyingParty, string token) =>
        PostAsync("/introspect", relyingParty, new() { ["token"] = token });

    public async Task<bool> IsActiveAsync(RelyingPartySettings relyingParty, string token) =>
        (bool)(await IntrospectAsync(relyingParty, token)).Expect()["active"]!;

    /// <summary>RFC 7009.</summary>
    public Task<Answer<JsonObject>> RevokeAsync(RelyingPartySettings relyingParty, string token) =>
        PostAsync("/revoke", relyingParty, new() { ["token"] = token });

    private async Task<Answer<Tokens>> TokensAsync(RelyingPartySettings relyingParty, Dictionary<string, string> fields)
    {
        var answer = await PostAsync("/token", relyingParty, fields);
        return answer.Value is { } json
            ? new Tokens((string)json["access_token"]!, (string?)json["refresh_token"], (string?)json["id_token"])
            : answer.Error!;
    }

    private async Task<Answer<JsonObject>> PostAsync(string path, RelyingPartySettings relyingParty, Dictionary<string, string> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub, path));
        Authenticate(request, relyingParty, fields);
        request.Content = new FormUrlEncodedContent(fields);
        using var answer = await HubPages.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var json = Json(text);
        if (answer.IsSuccessStatusCode)
        {
            return json ?? [];
        }

        return (string?)json?["error"] is { } code
            ? new OAuthError(code, (string?)json["error_description"], (int)answer.StatusCode)
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode} without an OAuth error: {text}");
    }

    // client_secret_basic (RFC 6749 §2.3.1: both parts form-encoded first); a public client only names itself.
    private static void Authenticate(HttpRequestMessage request, RelyingPartySettings relyingParty, Dictionary<string, string> fields)
    {
        if (relyingParty.ClientSecret is not { } secret)
        {
            fields["client_id"] = relyingParty.ClientId;
            return;
        }

        var credentials = $"{WebUtility.UrlEncode(relyingParty.ClientId)}:{WebUtility.UrlEncode(secret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    private static JsonObject? Json(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
