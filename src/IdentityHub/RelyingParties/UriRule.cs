namespace IdentityHub.RelyingParties;

/// <summary>Which addresses a relying party may register. Pure; what an address resolves to is judged when it is connected to.</summary>
internal static class UriRule
{
    /// <summary>A redirect or post-logout redirect URI: absolute, no fragment (RFC 6749 §3.1.2), https unless native.</summary>
    public static string? Redirect(string value, bool confidential, bool development, string name)
    {
        if (Absolute(value, name, out var uri) is { } refusal)
        {
            return refusal;
        }

        if (uri!.Scheme is "http" or "https")
        {
            return Web(uri, value, development || !confidential, name);
        }

        // RFC 8252 §7.1: a private-use scheme belongs to a native, thus public, client and is a reversed domain name.
        return confidential || !uri.Scheme.Contains('.', StringComparison.Ordinal)
            ? $"{name} has '{value}'; the scheme must be https, or for a public native client a private one with a dot, such as com.example.app (RFC 8252 §7.1)."
            : null;
    }

    /// <summary>A <c>backchannel_logout_uri</c> (Back-Channel Logout §2.2): absolute, no fragment, https; the query is kept.</summary>
    public static string? BackChannel(string? value, bool development, string name)
    {
        if (value is null)
        {
            return null;
        }

        if (Absolute(value, name, out var uri) is { } refusal)
        {
            return refusal;
        }

        return uri!.Scheme is "http" or "https"
            ? Web(uri, value, development, name)
            : $"{name} is '{value}'; the scheme must be https.";
    }

    private static string? Absolute(string value, string name, out Uri? uri)
    {
        // The URI class drops white space and turns backslashes; a registration is compared as it was written.
        if (!Uri.TryCreate(value, UriKind.Absolute, out uri) || value.Any(c => c is <= ' ' or '\\' or > '~') || value.StartsWith('/'))
        {
            return $"{name} is '{value}'; it must be an absolute URI such as https://app.example.com/callback.";
        }

        if (value.Contains('#', StringComparison.Ordinal))
        {
            return $"{name} is '{value}'; it must have no fragment. Leave out everything from the # on.";
        }

        return uri.UserInfo.Length > 0 ? $"{name} is '{value}'; it must have no user name or password." : null;
    }

    private static string? Web(Uri uri, string value, bool loopbackHttp, string name)
    {
        if (uri.Scheme is "https")
        {
            return null;
        }

        return loopbackHttp && uri.IsLoopback
            ? null
            : $"{name} is '{value}'; it must be https. Plain http is accepted on loopback, in development and for native applications.";
    }
}
