using System.Globalization;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;

namespace IdentityHub.Admin;

/// <summary>
/// A registration as it is typed: every member as text, so that whatever was typed can be shown again beside what is
/// wrong with it. Fields are named as in the client metadata.
/// </summary>
public sealed class RegistrationForm
{
    private readonly Dictionary<string, string> _typed;

    private RegistrationForm(Dictionary<string, string> typed) => _typed = typed;

    public string this[string name] => _typed.GetValueOrDefault(name, "");

    public bool Has(string name) => this[name].Length > 0;

    /// <summary>What a new application is offered.</summary>
    public static RegistrationForm Empty() => From(new Registration { RequirePkce = true, LogoutTokenSubject = nameof(LogoutTokenSubject.Sid), IdTokenSignedResponseAlg = "RS256" });

    public static RegistrationForm Sent(IFormCollection form) =>
        new(form.Where(f => !f.Key.StartsWith('_')).ToDictionary(f => f.Key, f => f.Value.ToString().Trim().ReplaceLineEndings("\n")));

    internal static RegistrationForm From(Registration r)
    {
        var typed = new Dictionary<string, string?>
        {
            ["client_id"] = r.ClientId,
            ["display_name"] = r.DisplayName,
            ["redirect_uris"] = string.Join('\n', r.RedirectUris),
            ["post_logout_redirect_uris"] = string.Join('\n', r.PostLogoutRedirectUris),
            ["back_channel_logout_uri"] = r.BackChannelLogoutUri,
            ["back_channel_logout_session_required"] = On(r.BackChannelLogoutSessionRequired),
            ["front_channel_logout_uri"] = r.FrontChannelLogoutUri,
            ["front_channel_logout_session_required"] = On(r.FrontChannelLogoutSessionRequired),
            ["logout_token_subject"] = r.LogoutTokenSubject,
            ["id_token_signed_response_alg"] = r.IdTokenSignedResponseAlg,
            ["give_up_after"] = r.GiveUpAfter?.ToString("c", CultureInfo.InvariantCulture),
            ["default_max_age"] = r.DefaultMaxAge?.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            ["test_uri"] = r.TestUri,
            ["scopes"] = string.Join(' ', r.EffectiveScopes),
            ["audiences"] = string.Join(' ', r.Audiences),
            ["require_pkce"] = On(r.RequirePkce),
            ["require_consent"] = On(r.RequireConsent),
        };
        foreach (var grant in r.EffectiveGrantTypes)
        {
            typed[$"grant_{grant}"] = "on";
        }

        return new(typed.Where(t => !string.IsNullOrEmpty(t.Value)).ToDictionary(t => t.Key, t => t.Value!));
    }

    /// <summary>What was typed, as far as it can be read.</summary>
    /// <param name="errors">Gets what cannot be read, by field.</param>
    internal Registration Read(Dictionary<string, string> errors)
    {
        var registration = new Registration
        {
            ClientId = this["client_id"],
            DisplayName = Text("display_name"),
            BackChannelLogoutUri = Text("back_channel_logout_uri"),
            BackChannelLogoutSessionRequired = Has("back_channel_logout_session_required"),
            FrontChannelLogoutUri = Text("front_channel_logout_uri"),
            FrontChannelLogoutSessionRequired = Has("front_channel_logout_session_required"),
            LogoutTokenSubject = Text("logout_token_subject"),
            IdTokenSignedResponseAlg = Text("id_token_signed_response_alg"),
            TestUri = Text("test_uri"),
            RequirePkce = Has("require_pkce"),
            RequireConsent = Has("require_consent"),
        };
        if (Text("give_up_after") is { } span)
        {
            registration.GiveUpAfter = TimeSpan.TryParseExact(span, ["c", "g"], CultureInfo.InvariantCulture, out var giveUp) ? giveUp : null;
            _ = registration.GiveUpAfter is null ? errors["give_up_after"] = PartiesTexts.GiveUpAfterUnreadable.With(span) : null;
        }

        if (Text("default_max_age") is { } age)
        {
            registration.DefaultMaxAge = int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
            _ = registration.DefaultMaxAge is null ? errors["default_max_age"] = PartiesTexts.MaxAgeUnreadable.With(age) : null;
        }

        Add(registration.RedirectUris, Lines("redirect_uris"));
        Add(registration.PostLogoutRedirectUris, Lines("post_logout_redirect_uris"));
        Add(registration.Scopes, Words("scopes"));
        Add(registration.Audiences, Words("audiences"));
        Add(registration.GrantTypes, _typed.Keys.Where(k => k.StartsWith("grant_", StringComparison.Ordinal)).Select(k => k["grant_".Length..]));
        if (registration.GrantTypes.Count == 0)
        {
            errors["grant_types"] = PartiesTexts.GrantTypesMissing;
        }

        return registration;
    }

    /// <summary>The field of a member of <see cref="Registration"/>.</summary>
    public static string Field(string member) => RelyingPartyChanges.Wire(member);

    private string? Text(string name) => Has(name) ? this[name] : null;

    private string[] Lines(string name) => this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string[] Words(string name) => this[name].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string? On(bool value) => value ? "on" : null;

    private static void Add(IList<string> list, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            list.Add(value);
        }
    }
}
