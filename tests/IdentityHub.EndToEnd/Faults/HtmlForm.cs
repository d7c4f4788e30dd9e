using System.Net;
using System.Text.RegularExpressions;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>A form of a page, read well enough to be sent as a browser without script would: hidden fields and all.</summary>
internal sealed partial record HtmlForm(string Action, IReadOnlyDictionary<string, string> Fields, IReadOnlyDictionary<string, HtmlForm.Control> Controls)
{
    /// <summary>The form that holds the element with this id, or null.</summary>
    public static HtmlForm? Holding(string html, string elementId) =>
        Forms().Matches(html).Select(Read).FirstOrDefault(form => form.Controls.ContainsKey(elementId));

    /// <summary>The text of the element with this id, or null where there is none.</summary>
    public static string? TextOf(string html, string elementId)
    {
        var element = Regex.Match(html, $"""<(\w+)[^>]*\sid="{Regex.Escape(elementId)}"[^>]*>(.*?)</\1>""", RegexOptions.Singleline);
        return element.Success ? WebUtility.HtmlDecode(Tags().Replace(element.Groups[2].Value, "")).Trim() : null;
    }

    /// <summary>The fields as sent when the button with this id is pressed, with the inputs of these ids filled in.</summary>
    public IReadOnlyDictionary<string, string> Press(string buttonId, params IEnumerable<(string InputId, string Value)> filled)
    {
        var fields = new Dictionary<string, string>(Fields);
        foreach (var (inputId, value) in filled)
        {
            fields[Controls[inputId].Name] = value;
        }

        if (Controls[buttonId] is { Name.Length: > 0 } button)
        {
            fields[button.Name] = button.Value;
        }

        return fields;
    }

    private static HtmlForm Read(Match form)
    {
        Dictionary<string, string> fields = [];
        Dictionary<string, Control> controls = [];
        foreach (var control in Controlling().Matches(form.Groups[2].Value).Select(match => Attributes(match.Value)))
        {
            var name = control.GetValueOrDefault("name", "");
            var value = control.GetValueOrDefault("value", "");
            var type = control.GetValueOrDefault("type", control["<"] == "button" ? "submit" : "text");
            var sent = type is not ("submit" or "button" or "image") && (type is not ("checkbox" or "radio") || control.ContainsKey("checked"));
            if (name.Length > 0 && sent)
            {
                fields[name] = value;
            }

            if (control.TryGetValue("id", out var id))
            {
                controls[id] = new Control(name, value);
            }
        }

        return new HtmlForm(Attributes($"<form{form.Groups[1].Value}>").GetValueOrDefault("action", ""), fields, controls);
    }

    private static Dictionary<string, string> Attributes(string tag)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["<"] = TagName().Match(tag).Groups[1].Value };
        foreach (Match attribute in Attribute().Matches(tag[(1 + attributes["<"].Length)..]))
        {
            attributes[attribute.Groups[1].Value] = WebUtility.HtmlDecode(attribute.Groups[2].Success ? attribute.Groups[2].Value : attribute.Groups[3].Value);
        }

        return attributes;
    }

    [GeneratedRegex("<form([^>]*)>(.*?)</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Forms();

    [GeneratedRegex("<(?:input|button)[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Controlling();

    [GeneratedRegex(@"^<(\w+)")]
    private static partial Regex TagName();

    [GeneratedRegex("""([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s">]+)))?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();

    internal sealed record Control(string Name, string Value);
}
