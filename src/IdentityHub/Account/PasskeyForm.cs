using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>What a page with a ceremony posts.</summary>
/// <param name="State">What was asked, as it was sealed.</param>
/// <param name="Credential">The browser's answer, as JSON.</param>
/// <param name="ReturnUrl">Where the person goes afterwards.</param>
internal sealed record PasskeyForm(
    [FromForm(Name = "state")] string? State,
    [FromForm(Name = "credential")] string? Credential,
    [FromForm(Name = "return_url")] string? ReturnUrl);
