using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RelyingParties;

/// <summary>Writes registrations, new and changed. The caller has checked them with <see cref="RegistrationRules"/>.</summary>
internal sealed class RelyingPartyRegistry(OpenIddictApplicationManager<RelyingParty> manager)
{
    /// <summary>Adds the relying party, or makes the one with this client id what is described. True when it was added.</summary>
    public async Task<bool> PutAsync(Registration registration, bool declared, CancellationToken cancel = default)
    {
        var existing = await manager.FindByClientIdAsync(registration.ClientId, cancel);
        var party = existing ?? new RelyingParty();
        var secret = registration.ClientSecret;
        // Hashing anew what is already stored would change the row at every start of every node.
        var stored = existing?.ClientSecret is { } hash && !string.IsNullOrEmpty(secret) && await manager.ValidateClientSecretAsync(existing, secret, cancel) ? hash : null;

        await manager.PopulateAsync(party, Describe(registration), cancel);
        party.BackChannelLogoutUri = registration.BackChannelLogoutUri;
        party.BackChannelLogoutSessionRequired = registration.BackChannelLogoutSessionRequired;
        party.LogoutTokenSubject = Enum.TryParse<LogoutTokenSubject>(registration.LogoutTokenSubject, ignoreCase: true, out var subject) ? subject : LogoutTokenSubject.Sid;
        party.IdTokenSignedResponseAlg = registration.IdTokenSignedResponseAlg?.ToUpperInvariant() ?? "RS256";
        party.Audiences = registration.Audiences.Count > 0 ? string.Join(' ', registration.Audiences) : null;
        party.DefaultMaxAge = (int?)registration.DefaultMaxAge?.TotalSeconds;
        party.FrontChannelLogoutUri = registration.FrontChannelLogoutUri;
        party.FrontChannelLogoutSessionRequired = registration.FrontChannelLogoutSessionRequired;
        party.GiveUpAfter = registration.GiveUpAfter;
        party.Declared = declared;
        if (existing is null)
        {
            await manager.CreateAsync(party, secret, cancel);
        }
        else if (stored is not null)
        {
            party.ClientSecret = stored;
            await manager.UpdateAsync(party, cancel);
        }
        else
        {
            await manager.UpdateAsync(party, secret, cancel);
        }

        return existing is null;
    }

    private static OpenIddictApplicationDescriptor Describe(Registration registration)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = registration.ClientId,
            ClientType = string.IsNullOrEmpty(registration.ClientSecret) ? ClientTypes.Public : ClientTypes.Confidential,
            ConsentType = registration.RequireConsent ? ConsentTypes.Explicit : ConsentTypes.Implicit,
            DisplayName = string.IsNullOrWhiteSpace(registration.DisplayName) ? registration.ClientId : registration.DisplayName,
        };
        descriptor.RedirectUris.UnionWith(registration.RedirectUris.Select(u => new Uri(u)));
        descriptor.PostLogoutRedirectUris.UnionWith(registration.PostLogoutRedirectUris.Select(u => new Uri(u)));
        descriptor.Permissions.UnionWith(
        [
            Permissions.Endpoints.Authorization,
            Permissions.Endpoints.Token,
            Permissions.Endpoints.EndSession,
            Permissions.Endpoints.Introspection,
            Permissions.Endpoints.Revocation,
            Permissions.ResponseTypes.Code,
            .. registration.EffectiveGrantTypes.Select(g => Permissions.Prefixes.GrantType + g),
            .. registration.EffectiveScopes.Select(s => Permissions.Prefixes.Scope + s),
        ]);
        // RFC 9700 §2.1.1: public clients always use PKCE.
        if (registration.RequirePkce || descriptor.ClientType is ClientTypes.Public)
        {
            descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
        }

        return descriptor;
    }
}
