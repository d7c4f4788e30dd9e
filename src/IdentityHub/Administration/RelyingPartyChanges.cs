using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace IdentityHub.Administration;

/// <summary>Registers relying parties and changes what they have registered. Those that configuration declares are changed there and not here.</summary>
internal sealed class RelyingPartyChanges(
    HubDb db, RelyingPartyRegistry registry, AddressRule addresses, IHostEnvironment environment, AuditTrail audit, TimeProvider time)
{
    /// <summary>How long the secret before stays good, unless another time is chosen.</summary>
    public static readonly TimeSpan UsualOverlap = TimeSpan.FromHours(24);

    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>How a member is called in what is said of it: as in the client metadata.</summary>
    public static string Wire(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    /// <summary>A new relying party. The answer has its secret when it is confidential: it is nowhere else.</summary>
    /// <param name="registration">Without a secret.</param>
    /// <param name="confidential">Whether it is given one.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="cancel">The request's.</param>
    /// <param name="named">How a refusal calls a member; null for <see cref="Wire"/>.</param>
    public async Task<PartyChanged> RegisterAsync(Registration registration, bool confidential, Initiator initiator, CancellationToken cancel, Func<string, string>? named = null)
    {
        registration.ClientSecret = confidential ? NewSecret() : null;
        if (Refusals(registration, named) is { Count: > 0 } refusals)
        {
            return PartyChanged.Refuse(refusals);
        }

        try
        {
            return await db.InTransactionAsync(async () =>
            {
                if (await db.Set<RelyingParty>().AnyAsync(r => r.ClientId == registration.ClientId, cancel))
                {
                    return PartyChanged.Refuse([new(nameof(registration.ClientId), new(
                        RegistrationFault.ClientIdTaken,
                        $"{(named ?? Wire)(nameof(registration.ClientId))} is '{registration.ClientId}', which another application has; choose another.", registration.ClientId))]);
                }

                await registry.PutAsync(registration, declared: false, cancel);
                return await WrittenAsync("relying_party_registered", registration.ClientId, initiator, registration.ClientSecret, null);
            }, changed => changed.Result is PartyChange.Done, cancel);
        }
        catch (DbUpdateException)
        {
            // Two registered the same id at once, and the index took the other one.
            db.ChangeTracker.Clear();
            return new(PartyChange.ChangedMeanwhile);
        }
    }

    /// <summary>Makes it what is described; its client id and its secret stay.</summary>
    /// <param name="clientId">Which.</param>
    /// <param name="version">The <see cref="RelyingParty"/>'s concurrency token as whoever asks saw it; null for whatever it is.</param>
    /// <param name="registration">What it is to be.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="cancel">The request's.</param>
    /// <param name="named">How a refusal calls a member; null for <see cref="Wire"/>.</param>
    public Task<PartyChanged> ChangeAsync(string clientId, string? version, Registration registration, Initiator initiator, CancellationToken cancel, Func<string, string>? named = null) =>
        OnAsync(clientId, version, async party =>
        {
            (registration.ClientId, registration.ClientSecret, registration.KeepsSecret) = (clientId, null, party.ClientSecret is not null);
            if (Refusals(registration, named) is { Count: > 0 } refusals)
            {
                return PartyChanged.Refuse(refusals);
            }

            var before = await registry.ReadAsync(party, cancel);
            await registry.ChangeAsync(party, registration, cancel);
            var changed = Members(before, await registry.ReadAsync(party, cancel));
            return await WrittenAsync("relying_party_changed", clientId, initiator, null, new { client = clientId, changed });
        }, cancel);

    /// <summary>A new secret, which the answer has and nothing else; the one so far stays good for the overlap.</summary>
    /// <param name="clientId">Which.</param>
    /// <param name="overlap">From zero, which ends it at once, to 7 days.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="cancel">The request's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The overlap is neither.</exception>
    public Task<PartyChanged> RotateSecretAsync(string clientId, TimeSpan overlap, Initiator initiator, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, LongestOverlap);
        return OnAsync(clientId, null, async party =>
        {
            if (party.ClientSecret is null)
            {
                return new(PartyChange.Public);
            }

            var (secret, until) = (NewSecret(), time.GetUtcNow() + overlap);
            await registry.RotateSecretAsync(party, secret, overlap > TimeSpan.Zero ? until : null, cancel);
            return await WrittenAsync("relying_party_secret_rotated", clientId, initiator, secret, new { client = clientId, previousGoodUntil = until });
        }, cancel);
    }

    /// <summary>Ends the overlap: from now on the secret before is worth nothing. No error where there is none.</summary>
    public Task<PartyChanged> EndPreviousSecretAsync(string clientId, Initiator initiator, CancellationToken cancel) => OnAsync(clientId, null, async party =>
    {
        (party.PreviousSecret, party.PreviousSecretUntil) = (null, null);
        party.ConcurrencyToken = Guid.CreateVersion7().ToString();
        return await WrittenAsync("relying_party_previous_secret_ended", clientId, initiator, null, null);
    }, cancel);

    private async Task<PartyChanged> OnAsync(string clientId, string? version, Func<RelyingParty, Task<PartyChanged>> change, CancellationToken cancel)
    {
        try
        {
            return await db.InTransactionAsync(async () =>
            {
                var party = await db.Set<RelyingParty>().SingleOrDefaultAsync(r => r.ClientId == clientId, cancel);
                return party switch
                {
                    null => new(PartyChange.NotFound),
                    { Declared: true } => new(PartyChange.Declared),
                    _ when version is not null && party.ConcurrencyToken != version => new(PartyChange.ChangedMeanwhile),
                    _ => await change(party),
                };
            }, changed => changed.Result is PartyChange.Done, cancel);
        }
        catch (Exception problem) when (problem is OpenIddictExceptions.ConcurrencyException or DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return new(PartyChange.ChangedMeanwhile);
        }
    }

    private async Task<PartyChanged> WrittenAsync(string action, string clientId, Initiator initiator, string? secret, object? details)
    {
        audit.Add(db, action, initiator.Name, details: details ?? new { client = clientId });
        await db.SaveChangesAsync(CancellationToken.None);
        return new(PartyChange.Done, [], secret);
    }

    private List<RegistrationRefusal> Refusals(Registration registration, Func<string, string>? named) =>
        [.. RegistrationRules.Refusals(registration, addresses, environment.IsDevelopment(), named ?? Wire)];

    // The names alone: what is in them is in the registration.
    private static List<string> Members(Registration before, Registration after) =>
        [.. typeof(Registration).GetProperties().Where(p => JsonSerializer.Serialize(p.GetValue(before)) != JsonSerializer.Serialize(p.GetValue(after))).Select(p => Wire(p.Name))];

    // 256 bits: nothing to guess, which is why its hash may be a fast one.
    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
