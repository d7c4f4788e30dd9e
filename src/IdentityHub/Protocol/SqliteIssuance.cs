using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>The guarded write on SQLite: the transaction holds the one write lock, so looking and writing cannot be parted.</summary>
internal static class SqliteIssuance
{
    public static Task<IssuanceResult> WriteAsync(HubDb db, Issuance issuance, DateTimeOffset now) => db.InTransactionAsync(async () =>
    {
        if (!await MayAsync(db, issuance, now))
        {
            return IssuanceResult.Refused;
        }

        if (issuance.Grant is not null)
        {
            db.Add(issuance.Grant);
        }

        db.AddRange(issuance.Tokens);
        await db.SaveChangesAsync();
        await ParticipateAsync(db, issuance, now);
        return IssuanceResult.Recorded;
    });

    private static async Task<bool> MayAsync(HubDb db, Issuance issuance, DateTimeOffset now)
    {
        if (issuance.LiveSessionId is { } session
            && !await db.Live(now).AnyAsync(s => s.Id == session))
        {
            return false;
        }

        if (issuance.ConsentUserId is { } person && await db.Set<Consent>()
            .Where(c => c.UserId == person && c.ClientId == issuance.ParticipantClientId)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.LastUsedAt, now)) == 0)
        {
            return false;
        }

        if (issuance.ValidGrantId is { } grant && !await db.Set<Grant>().AnyAsync(g => g.Id == grant && g.Status == Statuses.Valid))
        {
            return false;
        }

        if (issuance.RegistrationId is { } registration && !await db.Set<RelyingParty>().AnyAsync(p => p.Id == registration && p.DisabledAt == null))
        {
            return false;
        }

        return issuance.RedeemedTokenId is not { } redeemed || await db.Set<IssuedToken>()
            .Where(t => t.Id == redeemed && t.Status == Statuses.Valid)
            .ExecuteUpdateAsync(t => t
                .SetProperty(x => x.Status, Statuses.Redeemed)
                .SetProperty(x => x.RedemptionDate, now.UtcDateTime)) == 1;
    }

    private static async Task ParticipateAsync(HubDb db, Issuance issuance, DateTimeOffset now)
    {
        if (issuance is not { ParticipantClientId: { } client, LiveSessionId: { } session })
        {
            return;
        }

        var again = await db.Set<SessionParticipant>()
            .Where(p => p.SessionId == session && p.ClientId == client)
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.LastCodeAt, now));
        if (again == 0)
        {
            db.Add(new SessionParticipant { SessionId = session, ClientId = client, FirstSeenAt = now, LastCodeAt = now });
            await db.SaveChangesAsync();
        }
    }
}
