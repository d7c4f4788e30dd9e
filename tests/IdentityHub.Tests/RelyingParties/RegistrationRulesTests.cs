using IdentityHub.RelyingParties;
using Xunit;

namespace IdentityHub.Tests.RelyingParties;

public sealed class RegistrationRulesTests
{
    [Fact]
    public void A_web_application_is_accepted() => Assert.Null(Refusal(Notes()));

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("naïve")]
    [InlineData("0199e5c8-6f3a-7c52-9f0e-3d5a4c1b2a10")]
    public void A_client_id_that_could_be_mistaken_is_refused(string clientId) =>
        Named("ClientId", Refusal(Notes(r => r.ClientId = clientId)));

    [Theory]
    [InlineData("http://app.example.com/cb")]
    [InlineData("https://app.example.com/cb#part")]
    [InlineData("https://user@app.example.com/cb")]
    [InlineData("/cb")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://app.example.com/a b")]
    [InlineData("https:\\\\app.example.com")]
    public void A_redirect_uri_that_is_not_safe_is_refused(string uri)
    {
        Named("RedirectUris", Refusal(Notes(r => { r.RedirectUris.Clear(); r.RedirectUris.Add(uri); })));
        Named("PostLogoutRedirectUris", Refusal(Notes(r => r.PostLogoutRedirectUris.Add(uri))));
    }

    [Theory]
    [InlineData("00:00:59")]
    [InlineData("30.00:00:01")]
    [InlineData("00:15:00.5")]
    public void An_age_out_of_bounds_is_refused(string age) =>
        Named("DefaultMaxAge", Refusal(Notes(r => r.DefaultMaxAge = TimeSpan.Parse(age, System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void An_age_of_minutes_is_accepted() => Assert.Null(Refusal(Notes(r => r.DefaultMaxAge = TimeSpan.FromMinutes(15))));

    [Fact]
    public void Plain_http_is_for_loopback_and_only_in_development_or_for_native_applications()
    {
        var local = Notes(r => { r.RedirectUris.Clear(); r.RedirectUris.Add("http://127.0.0.1:7000/cb"); });
        Named("RedirectUris", Refusal(local));
        Assert.Null(Refusal(local, development: true));
        local.ClientSecret = null;
        Assert.Null(Refusal(local));
    }

    [Fact]
    public void A_private_scheme_is_for_public_clients_and_has_a_dot()
    {
        var native = Notes(r => { r.ClientSecret = null; r.RedirectUris.Clear(); r.RedirectUris.Add("com.example.app:/cb"); });
        Assert.Null(Refusal(native));
        native.RedirectUris[0] = "app:/cb";
        Named("RedirectUris", Refusal(native));
        native.RedirectUris[0] = "com.example.app:/cb";
        native.ClientSecret = "a secret that no phone can keep to itself";
        Named("RedirectUris", Refusal(native));
    }

    [Theory]
    [InlineData("https://app.example.com/logout#x")]
    [InlineData("http://app.example.com/logout")]
    [InlineData("com.example.app:/logout")]
    [InlineData("logout")]
    public void A_logout_uri_that_could_not_be_called_safely_is_refused(string uri) =>
        Named("BackChannelLogoutUri", Refusal(Notes(r => r.BackChannelLogoutUri = uri)));

    [Fact]
    public void What_is_not_known_is_refused_by_name()
    {
        Named("GrantTypes", Refusal(Notes(r => r.GrantTypes.Add("password"))));
        Named("IdTokenSignedResponseAlg", Refusal(Notes(r => r.IdTokenSignedResponseAlg = "HS256")));
        Named("LogoutTokenSubject", Refusal(Notes(r => r.LogoutTokenSubject = "both")));
        Named("Scopes", Refusal(Notes(r => r.Scopes.Add("two words"))));
        Named("ClientSecret", Refusal(Notes(r => { r.ClientSecret = null; r.GrantTypes.Add("client_credentials"); })));
        Named("RedirectUris", Refusal(Notes(r => r.RedirectUris.Clear())));
    }

    private static Registration Notes(Action<Registration>? change = null)
    {
        var notes = new Registration { ClientId = "notes", ClientSecret = "a secret of the tests, known to everybody", BackChannelLogoutUri = "https://app.example.com/logout?tenant=1" };
        notes.RedirectUris.Add("https://app.example.com/cb");
        change?.Invoke(notes);
        return notes;
    }

    private static string? Refusal(Registration registration, bool development = false) =>
        RegistrationRules.Refusal(registration, development, member => $"RelyingParties:0:{member}");

    private static void Named(string member, string? refusal) => Assert.StartsWith($"RelyingParties:0:{member} ", refusal, StringComparison.Ordinal);
}
