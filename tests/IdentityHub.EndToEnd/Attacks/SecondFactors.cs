using System.Text.RegularExpressions;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>What people with a second factor do, request by request.</summary>
internal static partial class SecondFactors
{
    /// <summary>Turns it on in a browser that has just signed in.</summary>
    public static async Task<(AuthenticatorApp App, IReadOnlyList<string> RecoveryCodes)> TurnOnAsync(this Wire wire, DateTimeOffset now)
    {
        var page = await wire.GetAsync("/account/second-factor");
        var app = new AuthenticatorApp(HtmlForm.TextOf(page.Body, "secret") ?? throw new InvalidOperationException($"No secret: {page.Status} {page.Location}"));
        var made = await wire.PostAsync("/account/second-factor", page.Form("set-up")!.Press("set-up", ("code", app.CodeAt(now))));
        return (app, [.. Shown().Matches(made.Body).Select(m => m.Groups[1].Value)]);
    }

    /// <summary>Shows the password: from here on the browser is half signed in.</summary>
    public static async Task<Reply> ShowPasswordAsync(this Wire wire, FirstLight.Person person, string? password = null)
    {
        var page = await wire.GetAsync("/sign-in");
        return await wire.PostAsync("/sign-in", page.Form("sign-in")!.Press("sign-in", ("email", person.Email), ("password", password ?? person.Password)));
    }

    /// <summary>Shows a code after the password.</summary>
    public static async Task<Reply> ShowCodeAsync(this Wire wire, string code, bool remember = false)
    {
        var page = await wire.GetAsync("/sign-in/code");
        var fields = new Dictionary<string, string>(page.Form("continue")!.Press("continue", ("code", code)));
        if (remember)
        {
            fields["remember"] = "on";
        }

        return await wire.PostAsync("/sign-in/code", fields);
    }

    [GeneratedRegex("<li><code>([^<]+)</code></li>")]
    private static partial Regex Shown();
}
