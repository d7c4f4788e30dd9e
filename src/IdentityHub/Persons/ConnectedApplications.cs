using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using System.Text.Json;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Persons;

/// <summary>
/// The applications that have something of a person: a permission, a grant that is still good, or a live session they are
/// open in. Four queries, each by the person and through an index, however much there is of other people.
/// </summary>
internal sealed class ConnectedApplications(HubDb db, TimeProvider time)
{
    public async Task<IReadOnlyList<ConnectedApplication>> OfAsync(Guid userId, CancellationToken cancel)
    {
        var traces = new List<Trace>();
        traces.AddRange(await PermissionsAsync(userId, cancel));
        traces.AddRange(await GrantsAsync(userId.ToString(), cancel));
        traces.AddRange(await TokensAsync(userId.ToString(), cancel));
        traces.AddRange(await SessionsAsync(userId, cancel));
        return [.. traces.GroupBy(t => t.ClientId).Select(Merge).OrderBy(a => a.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    private Task<List<Trace>> PermissionsAsync(Guid userId, CancellationToken cancel) => (
        from c in db.Set<Consent>()
        join r in db.Set<RelyingParty>() on c.ClientId equals r.ClientId
        where c.UserId == userId
        select new Trace(c.ClientId, r.DisplayName ?? c.ClientId, c.Scopes, c.GrantedAt, c.LastUsedAt, false, 0)).ToListAsync(cancel);

    private async Task<IEnumerable<Trace>> GrantsAsync(string subject, CancellationToken cancel)
    {
        var grants = await (
            from g in db.Set<Grant>()
            join r in db.Set<RelyingParty>() on g.ApplicationId equals r.Id
            where g.Subject == subject && g.Status == Statuses.Valid
            group g by new { r.ClientId, r.DisplayName, g.Scopes, g.Offline } into same
            select new { same.Key, Since = same.Min(g => g.CreationDate), Last = same.Max(g => g.CreationDate) }).ToListAsync(cancel);
        return grants.Select(g => new Trace(
            g.Key.ClientId!, g.Key.DisplayName ?? g.Key.ClientId!, string.Join(' ', JsonSerializer.Deserialize<string[]>(g.Key.Scopes ?? "[]")!),
            Utc(g.Since), Utc(g.Last), g.Key.Offline, 0));
    }

    // A refresh shows in its tokens alone.
    private async Task<IEnumerable<Trace>> TokensAsync(string subject, CancellationToken cancel)
    {
        var tokens = await (
            from t in db.Set<IssuedToken>()
            join r in db.Set<RelyingParty>() on t.ApplicationId equals r.Id
            where t.Subject == subject && t.Status == Statuses.Valid
            group t by new { r.ClientId, r.DisplayName } into same
            select new { same.Key, Last = same.Max(t => t.CreationDate) }).ToListAsync(cancel);
        return tokens.Select(t => new Trace(t.Key.ClientId!, t.Key.DisplayName ?? t.Key.ClientId!, "", null, Utc(t.Last), false, 0));
    }

    private Task<List<Trace>> SessionsAsync(Guid userId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return (
            from s in db.Live(now)
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            where s.UserId == userId
            group p by new { p.ClientId, r.DisplayName } into same
            select new Trace(same.Key.ClientId, same.Key.DisplayName ?? same.Key.ClientId, "", same.Min(p => p.FirstSeenAt), same.Max(p => p.LastCodeAt), false, same.Count())).ToListAsync(cancel);
    }

    private static ConnectedApplication Merge(IGrouping<string, Trace> traces) => new(
        traces.Key,
        traces.First().Name,
        [.. traces.SelectMany(t => t.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct()],
        traces.Min(t => t.Since),
        traces.Max(t => t.LastUsed),
        traces.Any(t => t.Offline),
        traces.Max(t => t.Sessions));

    private static DateTimeOffset? Utc(DateTime? instant) => instant is { } i ? new DateTimeOffset(DateTime.SpecifyKind(i, DateTimeKind.Utc)) : null;

    private sealed record Trace(string ClientId, string Name, string Scopes, DateTimeOffset? Since, DateTimeOffset? LastUsed, bool Offline, int Sessions);
}

/// <param name="ClientId">The application.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What it was granted.</param>
/// <param name="Since">When it was granted first, as far as is known.</param>
/// <param name="LastUsed">When it last obtained something, as far as is known.</param>
/// <param name="Offline">Whether it stays connected after a sign-out.</param>
/// <param name="Sessions">In how many live sessions it is open.</param>
public sealed record ConnectedApplication(
    string ClientId, string Name, IReadOnlyList<string> Scopes, DateTimeOffset? Since, DateTimeOffset? LastUsed, bool Offline, int Sessions);
