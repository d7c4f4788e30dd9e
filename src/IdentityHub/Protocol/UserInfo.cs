using IdentityHub.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>The UserInfo endpoint (Core §5.3): what the granted scopes allow, as it is now.</summary>
internal static class UserInfo
{
    public static async Task<IResult> Get(HttpContext context, HubDb db)
    {
        var principal = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal
            ?? throw new InvalidOperationException("The engine let a request pass without a token.");
        var person = Guid.TryParse(principal.GetClaim(Claims.Subject), out var id)
            ? await db.Users.AsNoTracking().Where(u => u.Id == id && u.DisabledAt == null)
                .Select(u => new { u.Id, u.DisplayName, u.Email, u.EmailConfirmed }).FirstOrDefaultAsync()
            : null;
        if (person is null)
        {
            return TypedResults.Challenge(
                new AuthenticationProperties(new Dictionary<string, string?>
                {
                    [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidToken,
                    [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "No person stands behind this token.",
                }),
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }

        var claims = new Dictionary<string, object> { [Claims.Subject] = person.Id.ToString() };
        if (principal.HasScope(Scopes.Profile) && person.DisplayName.Length > 0)
        {
            claims[Claims.Name] = person.DisplayName;
        }

        if (principal.HasScope(Scopes.Email))
        {
            claims[Claims.Email] = person.Email!;
            claims[Claims.EmailVerified] = person.EmailConfirmed;
        }

        return TypedResults.Ok(claims);
    }
}
