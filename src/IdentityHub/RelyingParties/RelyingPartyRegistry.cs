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
        // What is put is all there is: no secret before it stays good.
        (party.PreviousSecret, party.PreviousSecretUntil) = (null, null);
        // Hashing anew what is already stored would change the row at every start of every node.
        var stored = existing?.ClientSecret is { } hash && !string.IsNullOrEmpty(secret) && await manager.ValidateClientSecretAsync(existing, secret, cancel) ? hash : null;

        await FillAsync(party, registration, cancel);
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

    /// <summary>Makes the relying party what is described; a secret that it keeps stays as it is. Its row must be as it was read.</summary>
    /// <exception cref="OpenIddictExceptions.ConcurrencyException">Somebody else has changed it meanwhile.</exception>
    public async Task ChangeAsync(RelyingParty party, Registration registration, CancellationToken cancel = default)
    {
        var secret = party.ClientSecret;
        await FillAsync(party, registration, cancel);
        party.ClientSecret = secret;
        await manager.UpdateAsync(party, cancel);
    }

    /// <summary>Gives it a new secret; the one so far stays good until <paramref name="overlapUntil"/>.</summary>
    /// <exception cref="OpenIddictExceptions.ConcurrencyException">Somebody else has changed it meanwhile.</exception>
    public async Task RotateSecretAsync(RelyingParty party, string secret, DateTimeOffset? overlapUntil, CancellationToken cancel = default)
    {
        (party.PreviousSecret, party.PreviousSecretUntil) = overlapUntil is null ? (null, null) : (party.ClientSecret, overlapUntil);
        await manager.UpdateAsync(party, secret, cancel);
    }

    /// <summary>The registration as it is stored, without its secret.</summary>
    public async Task<Registration> ReadAsync(RelyingParty party, CancellationToken cancel = default)
    {
        var stored = new OpenIddictApplicationDescriptor();
        await manager.PopulateAsync(stored, party, cancel);
        var registration = new Registration
        {
            ClientId = party.ClientId!,
            KeepsSecret = party.ClientSecret is not null,
            DisplayName = party.DisplayName,
            BackChannelLogoutUri = party.BackChannelLogoutUri,
            BackChannelLogoutSessionRequired = party.BackChannelLogoutSessionRequired,
            FrontChannelLogoutUri = party.FrontChannelLogoutUri,
            FrontChannelLogoutSessionRequired = party.FrontChannelLogoutSessionRequired,
            GiveUpAfter = party.GiveUpAfter,
            TestUri = party.TestUri,
            LogoutTokenSubject = party.LogoutTokenSubject.ToString(),
            IdTokenSignedResponseAlg = party.IdTokenSignedResponseAlg,
            DefaultMaxAge = party.DefaultMaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            RequirePkce = stored.Requirements.Contains(Requirements.Features.ProofKeyForCodeExchange),
            RequireConsent = party.ConsentType is ConsentTypes.Explicit,
        };
        Add(registration.RedirectUris, stored.RedirectUris.Select(u => u.OriginalString));
        Add(registration.PostLogoutRedirectUris, stored.PostLogoutRedirectUris.Select(u => u.OriginalString));
        Add(registration.Scopes, Named(Permissions.Prefixes.Scope));
        Add(registration.GrantTypes, Named(Permissions.Prefixes.GrantType));
        Add(registration.Audiences, party.Audiences?.Split(' ') ?? []);
        return registration;

        IEnumerable<string> Named(string prefix) => stored.Permissions.Where(p => p.StartsWith(prefix, StringComparison.Ordinal)).Select(p => p[prefix.Length..]).Order(StringComparer.Ordinal);

        static void Add(IList<string> list, IEnumerable<string> values)
        {
            foreach (var value in values)
            {
                list.Add(value);
            }
        }
    }

    private async Task FillAsync(RelyingParty party, Registration registration, CancellationToken cancel)
    {
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
        party.TestUri = registration.TestUri;
    }

    private static OpenIddictApplicationDescriptor Describe(Registration registration)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = registration.ClientId,
            ClientType = registration.IsConfidential ? ClientTypes.Confidential : ClientTypes.Public,
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
