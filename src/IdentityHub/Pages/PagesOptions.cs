using Microsoft.Extensions.Options;

namespace IdentityHub.Pages;

/// <summary>How the pages present this installation. Section <c>Pages</c>.</summary>
internal sealed class PagesOptions
{
    /// <summary>The name people know this installation by: in the header, in titles and in sentences. 1 to 60 characters; default <c>IdentityHub</c>.</summary>
    public string Name { get; set; } = "IdentityHub";
}

internal sealed class PagesOptionsRules : IValidateOptions<PagesOptions>
{
    public ValidateOptionsResult Validate(string? name, PagesOptions options) =>
        string.IsNullOrWhiteSpace(options.Name) || options.Name.Length > 60
            ? ValidateOptionsResult.Fail($"Pages:Name is \"{options.Name}\"; it must be 1 to 60 characters, such as the name of your organisation.")
            : ValidateOptionsResult.Success;
}
