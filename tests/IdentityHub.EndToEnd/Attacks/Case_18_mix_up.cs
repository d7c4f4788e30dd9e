using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 18, mix-up: every authorization response names the hub, also an error (RFC 9207 §2). That a relying party
/// refuses another name: <c>SignInTests.A_response_of_another_issuer_is_refused</c>.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_18_mix_up(AttackedHub hub)
{
    [Theory]
    [InlineData("success", null, null, null)]
    [InlineData("prompt", "prompt", "none login", "invalid_request")]
    [InlineData("consent", "prompt", "none", "consent_required")]
    [InlineData("response type", "response_type", "token", "unsupported_response_type")]
    [InlineData("response type", "response_type", "", "invalid_request")]
    [InlineData("response mode", "response_mode", "carrier pigeon", "invalid_request")]
    [InlineData("scope", "scope", "openid nobody:knows", "invalid_request")]
    [InlineData("pkce", "code_challenge_method", "plain", "invalid_request")]
    [InlineData("object", "request", "e30.e30.", "request_not_supported")]
    [InlineData("object", "request_uri", "https://evil.example/", "request_uri_not_supported")]
    [InlineData("max_age", "max_age", "-1", "invalid_request")]
    [InlineData("hint", "id_token_hint", "e30.e30.", "invalid_request")]
    public async Task Every_response_says_whose_it_is_and_nothing_it_should_not(string what, string? parameter, string? value, string? error)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(what == "consent" ? hub.Asking : hub.Notes.Settings);
        if (parameter is not null)
        {
            request[parameter] = value!;
        }

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Equal(request["redirect_uri"], reply.Location?.GetLeftPart(UriPartial.Path));
        Assert.Equal(error, reply.Error);
        Assert.Equal(hub.Hub.Settings.ToEnvironment()["Hub__Issuer"], reply.Query["iss"].ToString());
        Assert.Equal("the state", reply.Query["state"].ToString());
        string[] allowed = error is null ? ["code", "state", "iss"] : ["error", "error_description", "state", "iss"];
        Assert.Subset(allowed.ToHashSet(), reply.Query.Keys.ToHashSet());
        Assert.DoesNotContain(reply.Query.Values, each => each.ToString().Any(char.IsControl));
    }

    [Fact]
    public async Task The_metadata_promise_it()
    {
        var metadata = (await hub.Stranger().GetAsync("/.well-known/openid-configuration")).Json;

        Assert.True((bool)metadata["authorization_response_iss_parameter_supported"]!);
        Assert.Equal(hub.Hub.Settings.ToEnvironment()["Hub__Issuer"], (string?)metadata["issuer"]);
    }

    [Theory]
    [InlineData("fragment")]
    [InlineData("form_post")]
    public async Task Other_response_modes_say_it_too(string mode)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Notes.Settings);
        request["response_mode"] = mode;

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        var issuer = hub.Hub.Settings.ToEnvironment()["Hub__Issuer"]!;
        Assert.Equal(issuer, mode == "fragment"
            ? Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(reply.Location!.Fragment[1..])["iss"].ToString()
            : reply.Form("continue")!.Fields["iss"]);
    }
}
