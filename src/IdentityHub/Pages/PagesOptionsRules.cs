using Microsoft.Extensions.Options;

namespace IdentityHub.Pages;

/// <summary>What the pages can be given: a look that nobody can read stops the start, not the people.</summary>
internal sealed class PagesOptionsRules : IValidateOptions<PagesOptions>
{
    public ValidateOptionsResult Validate(string? name, PagesOptions options)
    {
        List<string> failures = [.. Failures(options)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(PagesOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Name) || options.Name.Length > 60)
        {
            yield return $"Pages:Name is \"{options.Name}\"; it must be 1 to 60 characters, such as the name of your organisation.";
        }

        foreach (var (setting, path) in new[] { ("Logo", options.Logo), ("LogoDark", options.LogoDark) })
        {
            if (path is not null && BrandPicture.Refusal(path) is { } refusal)
            {
                yield return $"Pages:{setting} is \"{path}\"; {refusal}";
            }
        }

        if (options is { LogoDark: not null, Logo: null })
        {
            yield return "Pages:LogoDark is set and Pages:Logo is not; set Pages:Logo as well.";
        }

        var colours = new[] { ("Accent", options.Accent), ("AccentDark", options.AccentDark), ("Ground", options.Ground), ("GroundDark", options.GroundDark) };
        var unknown = colours.Where(c => c.Item2 is not null && Colour.Parse(c.Item2) is null).ToList();
        foreach (var (setting, value) in unknown)
        {
            yield return $"Pages:{setting} is \"{value}\"; write a colour as # and six hexadecimal digits, such as #0b6b63.";
        }

        if (unknown.Count > 0)
        {
            yield break;
        }

        var (light, dark) = Brand.Schemes(options);
        foreach (var (setting, given, refusal, fix) in new[]
        {
            ("Ground", options.Ground, light.GroundRefusal(), "a lighter colour"),
            ("GroundDark", options.GroundDark, dark.GroundRefusal(), "a darker colour"),
            ("Accent", options.Accent ?? options.Ground, light.AccentRefusal(), "a darker colour, or a lighter ground"),
            ("AccentDark", options.AccentDark ?? options.Accent ?? options.GroundDark, dark.AccentRefusal(), "a lighter colour, or a darker ground"),
        })
        {
            if (given is not null && refusal is not null)
            {
                yield return $"Pages:{setting}: {refusal}; people need 4.5 (WCAG 2.2 §1.4.3). Choose {fix}.";
            }
        }
    }
}
