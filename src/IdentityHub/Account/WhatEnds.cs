using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>What a security change is going to end, to be shown before it is made.</summary>
internal sealed class WhatEnds(HubDb db, TimeProvider time)
{
    public async Task<OtherSessions> BesidesAsync(CurrentSession session, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var others = db.Live(now).Where(s => s.UserId == session.UserId && s.Id != session.Id);
        var applications = await (
            from s in others
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            select r.DisplayName ?? p.ClientId).Distinct().ToListAsync(cancel);
        return new(await others.CountAsync(cancel), [.. applications.Order(StringComparer.CurrentCultureIgnoreCase)]);
    }
}

/// <param name="Count">How many live sessions the person has besides this one.</param>
/// <param name="Applications">The names of the applications that are open in them.</param>
public sealed record OtherSessions(int Count, IReadOnlyList<string> Applications);
