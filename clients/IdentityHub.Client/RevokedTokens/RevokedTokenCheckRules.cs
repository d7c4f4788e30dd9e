using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>What a usable set of options is. Every message names the setting, what it is now and what to do.</summary>
internal sealed class RevokedTokenCheckRules : IValidateOptions<RevokedTokenCheckOptions>
{
    public ValidateOptionsResult Validate(string? name, RevokedTokenCheckOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(RevokedTokenCheckOptions o) => new[]
    {
        string.IsNullOrWhiteSpace(o.Authority) ? "Authority is missing; set it to the provider's issuer, for example https://id.example.com, here or on the JWT bearer scheme." : Address(nameof(o.Authority), o.Authority),
        o.FeedAddress is null ? null : Address(nameof(o.FeedAddress), o.FeedAddress),
        Present(nameof(o.ClientId), o.ClientId, "the client_id under which this API reads the feed"),
        Present(nameof(o.ClientSecret), o.ClientSecret, "the secret of that client"),
        Present(nameof(o.Scope), o.Scope, "the scope of the feed, revocation_feed"),
        Range(nameof(o.AccessTokenLifetime), o.AccessTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
        Range(nameof(o.Tolerance), o.Tolerance, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        o.MaxEntries is < 1000 or > 50_000_000 ? $"MaxEntries is {o.MaxEntries}; it must be between 1000 and 50000000." : null,
        Enum.IsDefined(o.WhenBehind) ? null : $"WhenBehind is {o.WhenBehind}; it must be {nameof(WhenFeedIsBehind.Refuse)} or {nameof(WhenFeedIsBehind.Allow)}.",
    }.OfType<string>();

    private static string? Address(string name, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return $"{name} is '{value}'; it must be an absolute https address, for example https://id.example.com.";
        }

        return uri.Scheme == "https" || uri.IsLoopback ? null : $"{name} is '{value}'; http is accepted only for a loopback host. Use https.";
    }

    private static string? Present(string name, string value, string what) =>
        string.IsNullOrWhiteSpace(value) ? $"{name} is missing; set it to {what}." : null;

    private static string? Range(string name, TimeSpan value, TimeSpan from, TimeSpan to) =>
        value >= from && value <= to ? null : $"{name} is {value:c}; it must be between {from:c} and {to:c}.";
}

/// <summary>What the scheme says already need not be said again.</summary>
internal sealed class AuthorityOfScheme(string scheme, IOptionsMonitor<JwtBearerOptions> schemes) : IPostConfigureOptions<RevokedTokenCheckOptions>
{
    public void PostConfigure(string? name, RevokedTokenCheckOptions options) =>
        options.Authority = string.IsNullOrWhiteSpace(options.Authority) ? schemes.Get(scheme).Authority : options.Authority;
}
