namespace IdentityHub.Access;

/// <summary>Where a person goes after signing in: a place of this hub, or the first page. Pure.</summary>
internal static class ReturnUrl
{
    public const string Home = "/";

    /// <summary>
    /// The address if it is a path of ours. Browsers read <c>//evil</c> and <c>/\evil</c> as another host, drop tabs and
    /// line breaks before they read, and a line break would split the header: all of it leads home (RFC 9700 §4.11.2).
    /// </summary>
    public static string LocalOrHome(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && address.All(Allowed) ? address : Home;

    /// <summary>The page <paramref name="door"/>, from which the person goes on to <paramref name="address"/>.</summary>
    public static string Through(string door, string address) => $"{door}?return_url={Uri.EscapeDataString(address)}";

    // An address that was encoded as it should be has nothing but these.
    private static bool Allowed(char c) => c is > ' ' and < '\x7f' and not '\\';
}
