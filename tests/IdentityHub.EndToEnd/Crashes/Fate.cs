using System.Data;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>What a crash left of one guest's sign-out, as the rows were at one instant.</summary>
internal sealed record Fate(Guid? Act, bool Ended, int Participants, int Deliveries, int AuditEntries, int Records)
{
    public static Task<Fate> OfAsync(RaceHub hub, Guest guest) => hub.Inside.AskAsync(async db =>
    {
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var session = await db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.Id == guest.SessionId);
        return new Fate(
            session.RevocationId,
            session.EndedAt is not null,
            await db.Set<SessionParticipant>().CountAsync(p => p.SessionId == guest.SessionId),
            await db.Set<LogoutDelivery>().CountAsync(d => d.SessionId == guest.SessionId),
            await db.Set<AuditEntry>().CountAsync(a => a.SessionId == guest.SessionId && a.Action == "session_ended"),
            await db.Set<RevocationRecord>().CountAsync(r => r.Id == session.RevocationId));
    });

    /// <summary>A session has ended with everything that belongs to it, or it has not been touched.</summary>
    public void AssertWhole() => Assert.Equal(
        Ended ? new Fate(Act, true, Participants, Participants, 1, 1) : new Fate(null, false, Participants, 0, 0, 0),
        this);
}
