using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Requests as the specifications have them, for a test to bend.</summary>
internal static class Requests
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static Dictionary<string, string> Authorize(RelyingPartySettings relyingParty, string scope = "openid") => new()
    {
        ["response_type"] = "code",
        ["client_id"] = relyingParty.ClientId,
        ["redirect_uri"] = relyingParty.RedirectUri.AbsoluteUri,
        ["scope"] = scope,
        ["state"] = "the state",
        ["code_challenge"] = Challenge(Verifier),
        ["code_challenge_method"] = "S256",
    };

    /// <summary>Without PKCE, for a relying party that may leave it out.</summary>
    public static Dictionary<string, string> AuthorizeWithoutPkce(RelyingPartySettings relyingParty, string scope = "openid")
    {
        var request = Authorize(relyingParty, scope);
        request.Remove("code_challenge");
        request.Remove("code_challenge_method");
        return request;
    }

    public static Dictionary<string, string> Redeem(RelyingPartySettings relyingParty, string code, string? verifier = Verifier)
    {
        var request = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = relyingParty.RedirectUri.AbsoluteUri,
            ["client_id"] = relyingParty.ClientId,
        };
        if (relyingParty.ClientSecret is { } secret)
        {
            request["client_secret"] = secret;
        }

        if (verifier is not null)
        {
            request["code_verifier"] = verifier;
        }

        return request;
    }

    public static string At(string path, IEnumerable<KeyValuePair<string, string>> parameters) =>
        QueryHelpers.AddQueryString(path, parameters.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));

    public static string EndSession(string? hint = null, Uri? redirect = null, string? state = null, string? client = null)
    {
        Dictionary<string, string?> parameters = new()
        {
            ["id_token_hint"] = hint,
            ["post_logout_redirect_uri"] = redirect?.OriginalString,
            ["state"] = state,
            ["client_id"] = client,
        };
        return QueryHelpers.AddQueryString("/end-session", parameters.Where(p => p.Value is not null));
    }

    /// <summary>Asks for a code and fails without one.</summary>
    public static async Task<string> CodeAsync(this Wire wire, IEnumerable<KeyValuePair<string, string>> request)
    {
        var reply = await wire.GetAsync(At("/authorize", request));
        return reply.Query.TryGetValue("code", out var code) ? code.ToString() : throw new InvalidOperationException($"No code: {reply.Status} {reply.Location} {reply.Error}");
    }

    public static Task<Reply> TokenAsync(this Wire wire, IEnumerable<KeyValuePair<string, string>> request) => wire.PostAsync("/token", request, ("Accept", "application/json"));
}
