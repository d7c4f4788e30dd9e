using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client;

/// <summary>What a usable set of options is. Every message names the setting, what it is now and what to do.</summary>
internal sealed class IdentityHubOptionsRules : IValidateOptions<IdentityHubOptions>
{
    // Symmetric algorithms are left out: with HS256 the client secret could forge logout tokens, and "none" is never
    // accepted (Back-Channel Logout §2.6).
    private static readonly string[] Algorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly SearchValues<char> NoPath = SearchValues.Create("{}*?#\\");

    public ValidateOptionsResult Validate(string? name, IdentityHubOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(IdentityHubOptions o)
    {
        if (Authority(o.Authority) is { } wrong)
        {
            yield return wrong;
        }

        if (string.IsNullOrWhiteSpace(o.ClientId))
        {
            yield return "ClientId is missing; set it to the client_id that the provider registered for this application.";
        }

        if (o.ClientSecret is { } secret && string.IsNullOrWhiteSpace(secret))
        {
            yield return "ClientSecret is empty; set the client's secret, or leave it out for a public client.";
        }

        if (!IsCookieName(o.CookieName))
        {
            yield return $"CookieName is '{o.CookieName}'; use letters, digits, '-', '_' and '.', without a __Host- or __Secure- prefix (it is added on https).";
        }

        if (!o.Scopes.Contains("openid"))
        {
            yield return "Scopes lacks 'openid'; without it the provider issues no ID token. Add it.";
        }

        foreach (var scope in o.Scopes.Where(s => string.IsNullOrEmpty(s) || s.Any(char.IsWhiteSpace)))
        {
            yield return $"Scopes has '{scope}', which is empty or holds white space; add each scope as a value of its own.";
        }

        if (!Algorithms.Contains(o.SigningAlgorithm))
        {
            yield return $"SigningAlgorithm is '{o.SigningAlgorithm}'; it must be one of {string.Join(", ", Algorithms)}.";
        }

        foreach (var wrongTime in Times(o).Concat(Paths(o)))
        {
            yield return wrongTime;
        }
    }

    private static string? Authority(string authority)
    {
        if (string.IsNullOrWhiteSpace(authority))
        {
            return "Authority is missing; set it to the provider's issuer, for example https://id.example.com.";
        }

        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return $"Authority is '{authority}'; it must be an absolute https address, for example https://id.example.com.";
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return $"Authority is '{authority}'; an issuer has neither query nor fragment. Remove it.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "Authority names a user; an issuer is an address alone. Remove what stands before '@'.";
        }

        if (uri.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal))
        {
            return $"Authority is '{authority}'; it must be the issuer alone. Leave out /.well-known and what follows.";
        }

        return uri.Scheme == "https" || uri.IsLoopback
            ? null
            : $"Authority is '{authority}'; http is accepted only for a loopback host. Use https.";
    }

    private static IEnumerable<string> Times(IdentityHubOptions o) => new[]
    {
        Range(nameof(o.ClockSkew), o.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        Range(nameof(o.SessionLifetime), o.SessionLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
        Range(nameof(o.IdleTimeout), o.IdleTimeout, TimeSpan.FromMinutes(1), o.SessionLifetime),
        Range(nameof(o.RememberEnded), o.RememberEnded, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
    }.OfType<string>();

    private static string? Range(string name, TimeSpan value, TimeSpan from, TimeSpan to) =>
        value >= from && value <= to ? null : $"{name} is {value:c}; it must be between {from:c} and {to:c}.";

    private static IEnumerable<string> Paths(IdentityHubOptions o)
    {
        (string Name, PathString Value)[] paths =
        [
            (nameof(o.SignInPath), o.SignInPath), (nameof(o.SignOutPath), o.SignOutPath),
            (nameof(o.SignedOutPath), o.SignedOutPath), (nameof(o.BackChannelLogoutPath), o.BackChannelLogoutPath),
            (nameof(o.FrontChannelLogoutPath), o.FrontChannelLogoutPath),
            (nameof(o.CallbackPath), o.CallbackPath), (nameof(o.SignedOutCallbackPath), o.SignedOutCallbackPath),
        ];

        foreach (var (name, _) in paths.Append((nameof(o.AfterSignOutPath), o.AfterSignOutPath)).Where(p => !p.Item2.HasValue))
        {
            yield return $"{name} is empty; set it to a path that begins with '/'.";
        }

        // '{' would make it a pattern; "//host" would lead away from here.
        foreach (var (name, value) in paths.Append((nameof(o.AfterSignOutPath), o.AfterSignOutPath))
            .Where(p => p.Item2.HasValue && (p.Item2.Value!.AsSpan().ContainsAny(NoPath) || p.Item2.Value.StartsWith("//", StringComparison.Ordinal))))
        {
            yield return $"{name} is '{value.Value}'; it must be a plain local path, without {{ }} * ? # \\ and with one '/' at its beginning.";
        }

        foreach (var same in paths.Where(p => p.Value.HasValue).GroupBy(p => p.Value).Where(g => g.Count() > 1))
        {
            yield return $"{string.Join(" and ", same.Select(p => p.Name))} are both '{same.Key}'; give each a path of its own.";
        }
    }

    private static bool IsCookieName(string name) =>
        name.Length > 0
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && !name.StartsWith("__Host-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("__Secure-", StringComparison.OrdinalIgnoreCase);
}
