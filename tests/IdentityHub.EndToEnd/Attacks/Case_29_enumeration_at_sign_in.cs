using System.Text.RegularExpressions;
using IdentityHub.EndToEnd.FirstLight;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 29 at the sign-in: text, status, headers and cookies say nothing about whether an account exists, whether
/// it has a second factor, or whether it is slowed down. Time is measured by the benchmarks (docs/performance.md).
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed partial class Case_29_enumeration_at_sign_in(AttackedHub hub)
{
    [Fact]
    public async Task A_wrong_password_is_answered_alike_for_all_accounts_and_for_none()
    {
        var (plain, guarded) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        await guarded.Wire.TurnOnAsync(TimeProvider.System.GetUtcNow());

        var answers = new List<string>();
        foreach (var email in new[] { plain.Person.Email, guarded.Person.Email, $"{Guid.CreateVersion7():N}@example.com" })
        {
            var wire = hub.Stranger();
            for (var i = 0; i < 6; i++)
            {
                answers.Add($"{i} {Seen(await wire.ShowPasswordAsync(new Person("", email, ""), "not the password"))} {string.Join(' ', wire.Cookies.Cookies.Keys)}");
            }
        }

        Assert.Equal(answers[..6], answers[6..12]);
        Assert.Equal(answers[..6], answers[12..]);
        Assert.StartsWith("0 401", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("5 429", answers[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_is_asked_for_without_saying_whose()
    {
        var wire = hub.Stranger();

        var page = await wire.GetAsync("/sign-in?login_hint=ada%40example.com");

        Assert.Contains("&quot;allowCredentials&quot;:[]", page.Body, StringComparison.Ordinal);
    }

    // The seconds of a wait are those that have passed since the last guess, and the values are each form's own.
    private static string Seen(Reply reply) =>
        $"{reply.Status} {Varying().Replace(reply.Body, "")} {string.Join('\n', reply.Headers.Where(h => h.Key is not ("Date" or "Retry-After" or "Set-Cookie")).OrderBy(h => h.Key).Select(h => $"{h.Key}: {string.Join(',', h)}"))}";

    [GeneratedRegex("value=\"[^\"]*\"|in one second|in \\d+ seconds|<a [^>]*hreflang[^>]*>")]
    private static partial Regex Varying();
}
