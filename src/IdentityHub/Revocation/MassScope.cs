using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Revocation;

/// <summary>Whom an act on many is about.</summary>
/// <param name="Before">Sessions that began at this instant or earlier; null for the instant at which the act begins.</param>
/// <param name="ClientId">Only those in which this relying party took part; null for everyone's.</param>
internal sealed record MassScope(DateTimeOffset? Before = null, string? ClientId = null)
{
    public RevocationReason Reason => ClientId is null ? RevocationReason.EveryoneRevoked : RevocationReason.RelyingPartyRevoked;

    /// <summary>The sessions of the scope that have not ended, expired ones too: their applications are owed a token as well.</summary>
    public static IQueryable<UserSession> Sessions(HubDb db, DateTimeOffset before, string? clientId)
    {
        var sessions = db.Set<UserSession>().AsNoTracking().Where(s => s.EndedAt == null && s.CreatedAt <= before);
        return clientId is null ? sessions : sessions.Where(s => db.Set<SessionParticipant>().Any(p =>
            p.SessionId == s.Id && p.ClientId == clientId && p.FirstSeenAt <= before));
    }

    /// <summary>The grants of people in the scope that are still valid.</summary>
    public static IQueryable<Grant> Grants(HubDb db, DateTimeOffset before, string? clientId)
    {
        var (instant, valid) = (before.UtcDateTime, OpenIddict.Abstractions.OpenIddictConstants.Statuses.Valid);
        var grants = db.Set<Grant>().AsNoTracking().Where(g => g.Status == valid && g.SessionId != null && g.CreationDate <= instant);
        return clientId is null ? grants : grants.Where(g => g.Application!.ClientId == clientId);
    }
}

/// <summary>What an act on many would end: its blast radius.</summary>
/// <param name="Sessions">Sessions that have not ended.</param>
/// <param name="People">The persons they belong to.</param>
/// <param name="Applications">Who would be told, and how often, the most first.</param>
/// <param name="Silent">Participations of applications that have no way of being told.</param>
/// <param name="Estimate">How long the ending would take at the configured pace; people are refused at once.</param>
internal sealed record MassPreview(long Sessions, long People, IReadOnlyList<MassPreviewApplication> Applications, long Silent, TimeSpan Estimate);

internal sealed record MassPreviewApplication(string ClientId, string Name, long Sessions);
