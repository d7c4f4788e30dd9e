using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Administration;

/// <summary>
/// The one person who is nobody, by whom it is proved that sessions die. No password, no address that anything is sent to
/// or found by: who it is can only be said by this program. One for the whole installation, so that each application that
/// is proved learns of one account and not of one per trial.
/// </summary>
internal sealed class SyntheticPerson(HubDb db, TimeProvider time)
{
    // Fixed, so that of two nodes that make it at once the key lets one in.
    private static readonly Guid Id = new("01900000-0000-7000-8000-000000000001");

    public async Task<User> FindOrMakeAsync(CancellationToken cancel)
    {
        if (await FindAsync(cancel) is { } known)
        {
            return known;
        }

        var name = $"synthetic-{Id:N}";
        db.Add(new User
        {
            Id = Id,
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            // RFC 6761 §6.4: an address that nobody can have. Not normalised, thus found by no search for one.
            Email = "logout-proof@hub.invalid",
            EmailConfirmed = true,
            DisplayName = "Logout proof",
            CreatedAt = time.GetUtcNow(),
            SecurityStamp = Stamps.New(),
            ConcurrencyStamp = Stamps.New(),
            Synthetic = true,
        });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
        }

        return await FindAsync(cancel) ?? throw new InvalidOperationException("The synthetic person could not be made.");
    }

    /// <summary>Allows the application what it is registered for, as somebody would who is asked.</summary>
    public Task AllowAsync(Registration registration, CancellationToken cancel) => db.InTransactionAsync(async () =>
    {
        await ForgetAsync(registration.ClientId);
        db.Add(new Consent
        {
            UserId = Id,
            ClientId = registration.ClientId,
            Scopes = string.Join(' ', registration.EffectiveScopes.Append(Scopes.OpenId).Append(Scopes.OfflineAccess).Distinct().Order(StringComparer.Ordinal)),
            GrantedAt = time.GetUtcNow(),
        });
        return await db.SaveChangesAsync(cancel);
    }, cancel: cancel);

    /// <summary>Takes that back.</summary>
    public Task ForgetAsync(string clientId) => db.Set<Consent>().Where(c => c.UserId == Id && c.ClientId == clientId).ExecuteDeleteAsync(CancellationToken.None);

    private Task<User?> FindAsync(CancellationToken cancel) => db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == Id && u.Synthetic, cancel);
}
