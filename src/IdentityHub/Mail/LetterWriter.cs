using System.Globalization;
using System.Resources;
using System.Text;
using System.Text.Encodings.Web;
using IdentityHub.Data;
using IdentityHub.Pages;
using Microsoft.Extensions.Options;

namespace IdentityHub.Mail;

/// <summary>
/// Writes a letter out, as text and as HTML, in the language of the request at hand (<see cref="CultureInfo.CurrentUICulture"/>).
/// Values are encoded; nothing is loaded from anywhere when the mail is opened.
/// </summary>
internal sealed class LetterWriter(IOptions<PagesOptions> pages, IOptions<HubOptions> hub)
{
    private static readonly ResourceManager Texts = new("IdentityHub.Mail.MailTexts", typeof(LetterWriter).Assembly);

    public SealedMail Write(Addressee to, Letter letter)
    {
        var language = CultureInfo.CurrentUICulture;
        string[] values = [pages.Value.Name, .. letter.Values];
        string Say(string key) => Try(key) ?? throw new MissingManifestResourceException($"MailTexts has no text {key}.");
        string? Try(string key) => Texts.GetString(key, language) is { } text ? string.Format(language, text, values) : null;

        List<string> paragraphs = [];
        for (var n = 1; Try($"{letter.Kind}_{n}") is { } paragraph; n++)
        {
            paragraphs.Add(paragraph);
        }

        var subject = Say($"{letter.Kind}_Subject");
        var action = letter.Action is null ? null : new MailLink(Say($"{letter.Kind}_Action"), letter.Action);
        var notMe = letter.NotMe is null ? null : new MailLink(Say("NotMe_Action"), letter.NotMe);
        var greeting = to.Name is null ? Say("Greeting") : string.Format(language, Texts.GetString("GreetingByName", language)!, to.Name);
        var parts = new Parts(greeting, paragraphs, action, notMe is null ? null : Say("NotMe_Lead"), notMe, $"{pages.Value.Name} · {hub.Value.Issuer}");
        return new(to.Address, subject, Text(parts), Html(parts, subject, language.TwoLetterISOLanguageName), language.Name);
    }

    private static string Text(Parts parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts.Paragraphs.Prepend(parts.Greeting))
        {
            text.Append(part).Append("\n\n");
        }

        if (parts.Action is { } action)
        {
            text.Append(action.Words).Append(":\n").Append(action.Address.AbsoluteUri).Append("\n\n");
        }

        if (parts.NotMe is { } notMe)
        {
            text.Append(parts.NotMeLead).Append('\n').Append(notMe.Words).Append(":\n").Append(notMe.Address.AbsoluteUri).Append("\n\n");
        }

        return text.Append("-- \n").Append(parts.Footer).Append('\n').ToString();
    }

    // Styles stand at the elements: mail programs drop sheets. No pictures, no fonts, nothing to count who reads.
    private static string Html(Parts parts, string subject, string language)
    {
        static string E(string text) => HtmlEncoder.Default.Encode(text);
        static string Button(MailLink link) =>
            $"""<p style="margin:24px 0"><a href="{E(link.Address.AbsoluteUri)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1f4fd8;color:#ffffff;text-decoration:none;font-weight:600">{E(link.Words)}</a></p><p style="margin:0 0 16px;font-size:13px;color:#5b6270;word-break:break-all">{E(link.Address.AbsoluteUri)}</p>""";

        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""<!DOCTYPE html><html lang="{(language is "iv" ? "en" : language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{E(subject)}</title></head><body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1b1f27;background:#ffffff"><div style="max-width:560px;margin:0 auto">""");
        html.Append(CultureInfo.InvariantCulture, $"""<h1 style="font-size:20px;margin:0 0 16px">{E(subject)}</h1>""");
        foreach (var part in parts.Paragraphs.Prepend(parts.Greeting))
        {
            html.Append(CultureInfo.InvariantCulture, $"""<p style="margin:0 0 16px">{E(part)}</p>""");
        }

        if (parts.Action is { } action)
        {
            html.Append(Button(action));
        }

        if (parts.NotMe is { } notMe)
        {
            html.Append(CultureInfo.InvariantCulture, $"""<p style="margin:0 0 8px">{E(parts.NotMeLead!)} <a href="{E(notMe.Address.AbsoluteUri)}" style="color:#b3261e;font-weight:600">{E(notMe.Words)}</a></p>""");
        }

        html.Append(CultureInfo.InvariantCulture, $"""<p style="margin:32px 0 0;padding-top:12px;border-top:1px solid #d9dde5;font-size:13px;color:#5b6270">{E(parts.Footer)}</p></div></body></html>""");
        return html.ToString();
    }

    private sealed record MailLink(string Words, Uri Address);

    private sealed record Parts(string Greeting, IReadOnlyList<string> Paragraphs, MailLink? Action, string? NotMeLead, MailLink? NotMe, string Footer);
}
