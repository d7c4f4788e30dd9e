using Microsoft.Playwright;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>Somebody who has a keyboard and no mouse.</summary>
internal sealed class Keys(IPage page)
{
    private const int Patience = 80;

    /// <summary>Tab by tab to the element. Every stop on the way shows that it has the focus.</summary>
    public async Task GoToAsync(string selector)
    {
        for (var presses = 0; presses <= Patience; presses++)
        {
            var stop = await page.EvaluateAsync<Stop>("""
                selector => ({
                  here: document.activeElement.matches(selector),
                  seen: document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== "none",
                })
                """, selector);
            // Where the focus was before the first press, nobody put it with the keyboard.
            if (presses > 0 && !stop.Seen)
            {
                throw new InvalidOperationException($"On {page.Url} nobody sees that {await HtmlAsync()} has the focus.");
            }

            if (stop.Here)
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"On {page.Url} the Tab key does not lead to {selector}; the focus is at {await HtmlAsync()}.");
    }

    public async Task TypeAsync(string selector, string text)
    {
        await GoToAsync(selector);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Presses a button or follows a link, and waits for the page behind it.</summary>
    public async Task PressAsync(string selector)
    {
        await GoToAsync(selector);
        await page.ArriveAsync(() => page.Keyboard.PressAsync("Enter"));
    }

    private Task<string> HtmlAsync() => page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 200)");

    /// <summary>Where the focus is.</summary>
    private sealed class Stop
    {
        public bool Here { get; set; }

        public bool Seen { get; set; }
    }
}
