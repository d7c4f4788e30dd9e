using IdentityHub.Pages;
using IdentityHub.Tests.Testing;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace IdentityHub.Tests.Architecture;

/// <summary>
/// The texts of the pages: each is used, each is there in every language with the same values in it, and each is used as
/// what it is. That a text which is used exists is what the compiler says.
/// </summary>
public sealed partial class TextTests
{
    private static readonly string Server = Path.Combine(Repository.Root, "src", "IdentityHub");

    // A set of texts is a class of its own: those of the people's pages, and those of each part of the administration.
    private static readonly string[] Sets = [.. new[] { "Pages", "Admin" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Server, folder), "*Texts.resx").Select(f => Path.GetRelativePath(Server, f)[..^".resx".Length]))];

    private static readonly IReadOnlyDictionary<string, string> English = Read("");

    private static readonly Lazy<IReadOnlyList<(string File, string Key, string Call)>> Uses = new(FindUses);

    public static TheoryData<string> Translations => [.. Directory.EnumerateFiles(Path.Combine(Server, "Pages"), "Texts.*.resx").Select(f => Path.GetFileName(f).Split('.')[1])];

    [Fact]
    public void Every_resource_file_is_a_language_of_the_pages() =>
        Assert.Equal(["en", .. Translations.Select(row => row.Data).Order(StringComparer.Ordinal)], Languages.All.Select(l => l.Name));

    [Theory]
    [MemberData(nameof(Translations))]
    public void A_language_has_every_text_and_no_other(string name)
    {
        var translated = Read($".{name}");

        Assert.Equal([], English.Keys.Except(translated.Keys));
        Assert.Equal([], translated.Keys.Except(English.Keys));
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void A_translation_has_the_values_and_the_forms_of_the_text(string name)
    {
        var language = Languages.Match(name)!;

        Assert.All(Read($".{name}"), text =>
        {
            Assert.Equal(Values(English[text.Key]), Values(text.Value));
            Assert.Equal(HasForms(English[text.Key]), HasForms(text.Value));
            AssertForms(text.Value, Plural.Forms(language));
        });
    }

    [Fact]
    public void A_text_in_forms_has_all_of_them() => Assert.All(English.Values, text => AssertForms(text, Plural.Forms(Languages.Default)));

    [Fact]
    public void Every_text_is_used() => Assert.Equal([], English.Keys.Except(Uses.Value.Select(use => use.Key)));

    [Fact]
    public void A_text_gets_its_values_where_it_is_used()
    {
        var wrong = Uses.Value.Where(use => English.ContainsKey(use.Key) && use.Call != "Form")
            .Where(use => HasForms(English[use.Key]) ? use.Call != "Count" : use.Call == "Count" || use.Call.Length > 0 != Values(English[use.Key]).Count > 0)
            .Select(use => $"{use.File}: {use.Key}{(use.Call.Length > 0 ? $".{use.Call}" : "")} is \"{English[use.Key]}\"");

        // With, Strong and Around for {0}; Count (or Form, and one of the others) for forms; nothing for plain texts.
        Assert.Equal([], wrong);
    }

    private static List<(string, string, string)> FindUses() =>
    [
        .. Directory.EnumerateFiles(Server, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".cs" or ".razor" && !Path.GetRelativePath(Server, f).StartsWith("obj", StringComparison.Ordinal))
            .SelectMany(f => Use().Matches(File.ReadAllText(f)).Select(m => (Path.GetRelativePath(Server, f), m.Groups[1].Value, m.Groups[2].Value))),
    ];

    // Linq to XML would take a key that is there twice; a merge can leave one.
    private static Dictionary<string, string> Read(string language) => Sets
        .SelectMany(set => XDocument.Load(Path.Combine(Server, $"{set}{language}.resx")).Root!.Elements("data")
            .Select(d => ($"{Path.GetFileName(set)}.{d.Attribute("name")!.Value}", d.Element("value")!.Value)))
        .ToDictionary(d => d.Item1, d => d.Value);

    private static HashSet<string> Values(string text) => [.. Place().Matches(text).Select(m => m.Groups[1].Value).Order()];

    private static bool HasForms(string text) => text.Contains('|', StringComparison.Ordinal);

    private static void AssertForms(string text, int forms)
    {
        var found = text.Split('|').Count(form => !form.StartsWith("=0 ", StringComparison.Ordinal));
        Assert.True(!HasForms(text) || found == forms, $"\"{text}\" has {found} forms and not {forms}.");
    }

    [GeneratedRegex(@"\b((?!Mail)\w*Texts\.\w+)(?:\s*\.(With|Strong|Around|Count|Form)\()?")]
    private static partial Regex Use();

    [GeneratedRegex(@"\{(\d)(?::\w+)?\}")]
    private static partial Regex Place();
}
