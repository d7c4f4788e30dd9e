using System.Diagnostics;
using System.Net;
using IdentityHub.EndToEnd.FirstLight;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 29, user enumeration, at the pages that send mail: registration, its repetition, forgotten password. Change of address is case 34.</summary>
[Collection(nameof(MailedHub))]
public sealed class Case_29_user_enumeration_by_mail(MailedHub hub)
{
    [Theory]
    [InlineData("/register", "register")]
    [InlineData("/forgot-password", "send-link")]
    public async Task Known_and_unknown_are_answered_alike(string path, string button)
    {
        var known = await AskAsync(path, button, (await hub.PersonAsync()).Email);
        var unknown = await AskAsync(path, button, Person.New().Email);

        Assert.Equal(unknown, known);
        Assert.Equal(HttpStatusCode.OK, known.Status);
    }

    [Fact]
    public async Task The_repetition_of_a_confirmation_is_answered_alike()
    {
        var (person, unknown) = (await hub.PersonAsync(), Person.New());
        var again = await Task.WhenAll(new[] { person.Email, unknown.Email }.Select(async email =>
        {
            var wire = new Wire(hub.Hub.Address);
            var form = (await wire.GetAsync("/register")).Form("register")!;
            var reply = await wire.PostAsync("/register/again", new Dictionary<string, string> { ["__RequestVerificationToken"] = form.Fields["__RequestVerificationToken"], ["email"] = email });
            return (reply.Status, Body: Anonymous(reply.Body, email));
        }));

        Assert.Equal(again[1], again[0]);
    }

    [Theory]
    [InlineData("/register", "register")]
    [InlineData("/forgot-password", "send-link")]
    public async Task The_time_tells_nothing(string path, string button)
    {
        List<string> known = [];
        for (var n = 0; n < 5; n++)
        {
            known.Add((await hub.PersonAsync()).Email);
        }

        await TimeAsync(path, button, Person.New().Email);
        var (of, not) = (new List<TimeSpan>(), new List<TimeSpan>());
        foreach (var email in known)
        {
            of.Add(await TimeAsync(path, button, email));
            not.Add(await TimeAsync(path, button, Person.New().Email));
        }

        // The least of each: what a request has to do it does every time, and a busy machine only adds to it.
        var (least, other) = (of.Min(), not.Min());
        Assert.True((least - other).Duration() < TimeSpan.FromMilliseconds(30) + (0.5 * least), $"known {least.TotalMilliseconds} ms, unknown {other.TotalMilliseconds} ms");
    }

    private async Task<(HttpStatusCode Status, string Html)> AskAsync(string path, string button, string email)
    {
        var page = await hub.Surfer().SubmitAsync(path, button, Filled(path, email));
        return (page.Status, Anonymous(page.Html, email));
    }

    private async Task<TimeSpan> TimeAsync(string path, string button, string email)
    {
        var started = Stopwatch.GetTimestamp();
        await hub.Surfer().SubmitAsync(path, button, Filled(path, email));
        return Stopwatch.GetElapsedTime(started);
    }

    private static (string, string)[] Filled(string path, string email) =>
        path == "/register" ? [("name", "Mallory"), ("email", email), ("password", "four quite different words")] : [("email", email)];

    private static string Anonymous(string html, string email) => System.Text.RegularExpressions.Regex.Replace(
        html.Replace(email, "?", StringComparison.OrdinalIgnoreCase), "name=\"__RequestVerificationToken\" value=\"[^\"]+\"", "");
}
