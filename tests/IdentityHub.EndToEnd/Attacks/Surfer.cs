using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>A browser without script at the hub's own pages.</summary>
internal sealed class Surfer(Uri hub)
{
    private readonly CookieJar _cookies = new();

    public HubDriver Driver => new(hub, _cookies);

    public Surfer Copy()
    {
        var copy = new Surfer(hub);
        foreach (var (name, value) in _cookies.Cookies)
        {
            copy._cookies.Set(name, value);
        }

        return copy;
    }

    public Task<Page> GetAsync(string path) => Pages.GetAsync(new Uri(hub, path));

    /// <summary>Opens the page, fills its form and presses the button.</summary>
    public async Task<Page> SubmitAsync(string path, string button, params (string InputId, string Value)[] filled)
    {
        var page = await GetAsync(path);
        return page.Form(button) is { } form ? await Pages.PressAsync(page, form, button, filled) : throw page.Unexpected($"a form with #{button}");
    }

    public Task<Page> SignInAsync(Person person, string? password = null) =>
        SubmitAsync("/sign-in", "sign-in", ("email", person.Email), ("password", password ?? person.Password));

    /// <summary>Whether a session lives in this browser.</summary>
    public async Task<bool> IsSignedInAsync() => (await GetAsync("/")).Shows("sign-out");

    private HubPages Pages => new(hub, _cookies);
}
