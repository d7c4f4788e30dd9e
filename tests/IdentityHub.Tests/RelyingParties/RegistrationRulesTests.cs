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

    [Theory]
    [InlineData("https://127.0.0.1/logout", "loopback")]
    [InlineData("https://10.1.2.3/logout", "private")]
    [InlineData("https://172.16.0.1/logout", "private")]
    [InlineData("https://192.168.1.1/logout", "private")]
    [InlineData("https://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("https://100.64.0.1/logout", "carrier")]
    [InlineData("https://0.0.0.0/logout", "unspecified")]
    [InlineData("https://[::1]/logout", "loopback")]
    [InlineData("https://[::]/logout", "unspecified")]
    [InlineData("https://[fc00::1]/logout", "private")]
    [InlineData("https://[fe80::1]/logout", "link-local")]
    [InlineData("https://[::ffff:10.0.0.1]/logout", "private")]
    [InlineData("https://[::ffff:7f00:1]/logout", "loopback")]
    [InlineData("https://2130706433/logout", "four decimal numbers, which here would be 127.0.0.1")]
    [InlineData("https://0x7f.1/logout", "four decimal numbers")]
    [InlineData("https://0177.0.0.1/logout", "four decimal numbers")]
    [InlineData("https://127.1/logout", "four decimal numbers")]
    [InlineData("https://localhost/logout", "inner network")]
    [InlineData("https://LOCALHOST./logout", "inner network")]
    [InlineData("https://app.localhost/logout", "inner network")]
    [InlineData("https://postgres/logout", "inner network")]
    [InlineData("https://metadata.google.internal/logout", "inner network")]
    [InlineData("https://printer.local/logout", "inner network")]
    [InlineData("https://app.example.com:22/logout", "port must be 443, or 1024 and above")]
    public void Case_11_a_logout_uri_that_leads_inside_is_refused(string uri, string why)
    {
        var refusal = Refusal(Notes(r => r.BackChannelLogoutUri = uri));

        Named("BackChannelLogoutUri", refusal);
        Assert.Contains(why, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example.com/logout")]
    [InlineData("https://app.example.com:8443/logout")]
    [InlineData("https://8.8.8.8/logout")]
    public void Case_11_a_public_one_is_not(string uri) => Assert.Null(Refusal(Notes(r => r.BackChannelLogoutUri = uri)));

    [Fact]
    public void Case_11_a_network_of_the_house_is_allowed_by_name_of_the_operator_and_no_other()
    {
        Assert.Null(Refusal(Notes(r => r.BackChannelLogoutUri = "https://10.1.2.3/logout"), networks: "10.1.0.0/16"));
        Assert.Null(Refusal(Notes(r => r.BackChannelLogoutUri = "https://bank.corp/logout"), networks: "10.1.0.0/16"));
        Named("BackChannelLogoutUri", Refusal(Notes(r => r.BackChannelLogoutUri = "https://10.2.0.1/logout"), networks: "10.1.0.0/16"));
    }

    [Fact]
    public void Loopback_is_for_development()
    {
        Assert.Null(Refusal(Notes(r => r.BackChannelLogoutUri = "http://localhost:5001/logout"), development: true));
        Assert.Null(Refusal(Notes(r => r.BackChannelLogoutUri = "http://127.0.0.1:5001/logout"), development: true));
        Named("BackChannelLogoutUri", Refusal(Notes(r => r.BackChannelLogoutUri = "https://10.0.0.1/logout"), development: true));
        Named("BackChannelLogoutUri", Refusal(Notes(r => r.BackChannelLogoutUri = "https://postgres/logout"), development: true));
    }

    [Fact]
    public void Encrypted_tokens_are_not_offered_and_said_so()
    {
        Assert.Equal(
            "RelyingParties:0:IdTokenEncryptedResponseAlg is 'RSA-OAEP'; the hub encrypts neither ID tokens nor logout tokens. Leave it out: they are signed, and sent over TLS.",
            Refusal(Notes(r => r.IdTokenEncryptedResponseAlg = "RSA-OAEP")));
        Named("IdTokenEncryptedResponseEnc", Refusal(Notes(r => r.IdTokenEncryptedResponseEnc = "A128GCM")));
    }

    [Theory]
    [InlineData("https://other.example.com/front")]
    [InlineData("https://app.example.com:8443/front")]
    [InlineData("https://example.com/front")]
    [InlineData("http://app.example.com/front")]
    [InlineData("https://app.example.com.evil.example/front")]
    [InlineData("https://app.example.com/front#x")]
    [InlineData("/front")]
    [InlineData("com.example.app:/front")]
    public void Case_15_a_front_channel_address_of_another_origin_is_refused(string uri) =>
        Named("FrontChannelLogoutUri", Refusal(Notes(r => r.FrontChannelLogoutUri = uri)));

    [Fact]
    public void FCL_03_one_of_the_origin_of_a_redirect_uri_is_accepted_with_its_query() =>
        Assert.Null(Refusal(Notes(r => r.FrontChannelLogoutUri = "https://app.example.com:443/front?tenant=1")));

    [Fact]
    public void The_horizon_has_bounds()
    {
        Assert.Null(Refusal(Notes(r => r.GiveUpAfter = TimeSpan.FromDays(30))));
        Named("GiveUpAfter", Refusal(Notes(r => r.GiveUpAfter = TimeSpan.FromSeconds(59))));
        Named("GiveUpAfter", Refusal(Notes(r => r.GiveUpAfter = TimeSpan.FromDays(31))));
    }

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

    private static string? Refusal(Registration registration, bool development = false, params string[] networks) =>
        RegistrationRules.Refusal(registration, AddressRule.From(networks, development), development, member => $"RelyingParties:0:{member}");

    private static void Named(string member, string? refusal) => Assert.StartsWith($"RelyingParties:0:{member} ", refusal, StringComparison.Ordinal);
}
