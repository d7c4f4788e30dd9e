using System.Text.RegularExpressions;
using IdentityHub.Pages;
using Microsoft.Extensions.Options;
using Zxcvbn.Matcher;

namespace IdentityHub.Persons;

/// <summary>
/// Whether a password may be chosen: the one place where new passwords are judged, wherever they are typed. Length counts
/// and no composition (ASVS 6.2.1, 6.2.5); what a guesser tries first is refused: common passwords (6.2.4), and words of
/// the person and of this installation with little around them (6.2.11). It says which.
/// </summary>
internal sealed partial class PasswordRules(IOptions<PagesOptions> pages)
{
    /// <summary>
    /// zxcvbn's scores 0 and 1 are fewer than about a hundred million guesses. Beyond that, throttling makes guessing hopeless.
    /// </summary>
    private const int LeastScore = 2;

    /// <summary>The estimate's cost grows with the square of the length; what is longer than this is not in any list of guesses.</summary>
    private const int LongestGuess = 48;

    /// <param name="password">As it was typed.</param>
    /// <param name="context">What is known of the person: name, address.</param>
    /// <returns>What is wrong with it in a sentence, null when it may be used.</returns>
    public string? Error(string? password, params string?[] context)
    {
        if (NewAccount.PasswordError(password) is { } error)
        {
            return error;
        }

        if (password!.Length > LongestGuess && password.Distinct().Count() > 5)
        {
            return null;
        }

        var guess = Zxcvbn.Zxcvbn.MatchPassword(password[..Math.Min(password.Length, LongestGuess)], Words(context));
        if (guess.Score >= LeastScore)
        {
            return null;
        }

        var lists = guess.MatchSequence.OfType<DictionaryMatch>().Select(m => m.DictionaryName).ToHashSet();
        return lists.Contains("user_inputs") ? Texts.PasswordOfContext.With(pages.Value.Name)
            : lists.Contains("passwords") ? Texts.PasswordCommon
            : Texts.PasswordGuessable;
    }

    // ASVS 6.1.2: the list of context words is what the person and the installation are called, whole and in parts.
    private List<string> Words(string?[] context) =>
    [
        .. context.Append(pages.Value.Name).Append("IdentityHub").OfType<string>()
            .SelectMany(text => Parts().Split(text).Append(text))
            .Where(word => word.Length > 2)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex Parts();
}
