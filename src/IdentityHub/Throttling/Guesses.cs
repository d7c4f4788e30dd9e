using System.Security.Cryptography;
using System.Text;
using IdentityHub.Keys;
using Microsoft.Extensions.Options;

namespace IdentityHub.Throttling;

/// <summary>
/// What a guess counts against. A browser that has signed in to the account before, or is signed in, is judged by its own
/// guesses alone: whoever guesses from elsewhere cannot lock it out (OWASP, "device cookies"). Everybody else is judged
/// by account and place, by the account as a whole, and by the place as a whole. An account that does not exist is
/// counted like one that does.
/// </summary>
internal sealed class Guesses(InstallationSecret secret, IOptions<ThrottlingOptions> options)
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    // Keyed, so that the table does not tell which addresses have been tried. RFC 5869: its own label, its own key.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Value, 32, info: "IdentityHub throttle 1"u8.ToArray());

    /// <param name="account">The address as it was typed, normalised.</param>
    /// <param name="source">Where from.</param>
    /// <param name="device">The browser, when it has signed in to this account before.</param>
    public Guess[] OfPassword(string account, string source, Guid? device) => device is { } known
        ? [Own("password", $"{account}\n{known}")]
        :
        [
            Own("password", $"{account}\n{source}"),
            // Forgotten quickly: the account opens to strangers again soon after the last of them has given up.
            Of("account", account, new(options.Value.Account, Slow, options.Value.LongestWait / 3, TimeSpan.FromMinutes(1)), forgiven: false),
            OfSource(source),
        ];

    /// <summary>The password of the person who is signed in, asked again.</summary>
    public Guess[] OfPassword(Guid session) => [Own("password", $"session\n{session}")];

    /// <summary>
    /// A second factor. Only who knows the password gets here, so this one is strict wherever they are: a code has six
    /// digits.
    /// </summary>
    public Guess[] OfSecondFactor(Guid user, Guid? device) =>
        [Of("second_factor", $"{user}\n{device}", new(options.Value.SecondFactor, TimeSpan.FromMinutes(1), options.Value.LongestWait, TimeSpan.FromHours(1)), forgiven: true)];

    /// <summary>Something that cannot be guessed but costs work to refuse.</summary>
    public Guess[] OfWork(string source) => [OfSource(source)];

    /// <summary>A question that is answered once: the second answer comes too early, for longer than the question lives.</summary>
    public Guess[] OfQuestion(string question) =>
        [Of("question", question, new(1, TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1)), forgiven: false)];

    private Guess OfSource(string source) => Of("source", source, new(options.Value.Source, Slow, options.Value.LongestWait, TimeSpan.FromSeconds(15)), forgiven: false);

    private Guess Own(string scope, string text) => Of(scope, text, new(options.Value.Password, Slow, options.Value.LongestWait, TimeSpan.FromHours(1)), forgiven: true);

    private Guess Of(string scope, string text, ThrottleRule rule, bool forgiven) =>
        new(scope, HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{scope}\n{text}")), rule, forgiven);
}
