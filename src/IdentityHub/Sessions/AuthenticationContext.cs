namespace IdentityHub.Sessions;

/// <summary>
/// The authentication context classes (<c>acr</c>, OpenID Connect Core §2) that a session can truthfully claim. Pure.
/// </summary>
internal static class AuthenticationContext
{
    /// <summary>NIST SP 800-63B-4 §2.1: one factor, or more of them too long ago.</summary>
    public const string Aal1 = "http://idmanagement.gov/ns/assurance/aal/1";

    /// <summary>NIST SP 800-63B-4 §2.2: two factors, proved recently enough.</summary>
    public const string Aal2 = "http://idmanagement.gov/ns/assurance/aal/2";

    /// <summary>OpenID Connect EAP ACR Values §2: a proof that a false site cannot pass on.</summary>
    public const string PhishingResistant = "phr";

    /// <summary>
    /// In the address that a person returns to after the sign-in: the request that waits there asks for more than a
    /// password. The browser could take it away, and what is stated would be what was reached all the same.
    /// </summary>
    public const string MoreThanPassword = "more_than_password";

    public static readonly string[] Supported = [Aal1, Aal2, PhishingResistant];

    // §2.2.3: AAL2 lasts a day at most, and no longer than an hour without use.
    private static readonly TimeSpan LongestAal2 = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestIdleAal2 = TimeSpan.FromHours(1);

    private static readonly string[] Knowledge = ["pwd", "pin", "kba"];
    private static readonly string[] Possession = ["otp", "hwk", "swk", "pop", "sc", "sms", "tel"];
    private static readonly string[] Inherence = ["fpt", "face", "iris", "retina", "vbm"];
    private static readonly string[] Keys = ["hwk", "swk", "pop", "sc"];

    /// <summary>The class to state: the first of those asked for that is true, in the order of preference (Core §3.1.2.1); otherwise the level reached.</summary>
    /// <param name="requested">The <c>acr_values</c> of the request.</param>
    /// <param name="amr">How the person proved who they are, separated by spaces (RFC 8176).</param>
    /// <param name="age">How long ago.</param>
    /// <param name="terms">For how long the session is good: whether anybody has been there since is known only as far as its idle timeout.</param>
    public static string Of(IEnumerable<string> requested, string amr, TimeSpan age, SessionTerms terms)
    {
        var held = Held(amr, age, terms);
        return requested.FirstOrDefault(held.Contains) ?? held[0];
    }

    /// <summary>Whether the request names a class that the hub knows, and the session satisfies none of those it names.</summary>
    public static bool Lacks(IReadOnlyCollection<string> requested, string amr, TimeSpan age, SessionTerms terms) =>
        requested.Any(Supported.Contains) && !requested.Any(Held(amr, age, terms).Contains);

    /// <summary>Whether a password alone cannot satisfy the request, however fresh it is.</summary>
    public static bool AsksForMoreThanPassword(IReadOnlyCollection<string> requested) =>
        Lacks(requested, "pwd", TimeSpan.Zero, new SessionTerms(TimeSpan.Zero, TimeSpan.Zero, Remembered: false));

    private static string[] Held(string amr, TimeSpan age, SessionTerms terms)
    {
        var methods = amr.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // A session that may lie unused for longer than AAL2 allows vouches for it only as long as that.
        var fresh = age <= (terms.Idle <= LongestIdleAal2 ? LongestAal2 : LongestIdleAal2);
        return
        [
            fresh && TwoFactors(methods) ? Aal2 : Aal1,
            .. fresh && methods.Intersect(Keys).Any() ? [PhishingResistant] : Array.Empty<string>(),
            .. fresh && TwoFactors(methods) ? [Aal1] : Array.Empty<string>(),
        ];
    }

    private static bool TwoFactors(string[] methods) =>
        methods.Contains("mfa") || new[] { Knowledge, Possession, Inherence }.Count(kind => methods.Intersect(kind).Any()) > 1;
}
