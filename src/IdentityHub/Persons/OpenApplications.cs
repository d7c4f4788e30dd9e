using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>
/// The applications that are open in each of some sessions. A person may have been everywhere with one of them: a list of
/// sessions has the first few of each, and how many there are.
/// </summary>
internal static class OpenApplications
{
    /// <param name="db">The unit of work.</param>
    /// <param name="sessions">The sessions of a page.</param>
    /// <param name="most">How many of each, by client id.</param>
    /// <param name="cancel">The request's.</param>
    /// <returns>By session; one in which none is open is not there.</returns>
    public static async Task<IReadOnlyDictionary<Guid, OpenInSession>> FirstAsync(HubDb db, List<Guid> sessions, int most, CancellationToken cancel)
    {
        if (sessions.Count == 0)
        {
            return new Dictionary<Guid, OpenInSession>();
        }

        var open = await (
            from p in db.Set<SessionParticipant>()
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            where sessions.Contains(p.SessionId)
            group new { p.ClientId, Name = r.DisplayName ?? p.ClientId } by p.SessionId into same
            select new { same.Key, Count = same.Count(), First = same.OrderBy(a => a.ClientId).Take(most).ToList() }).AsSingleQuery().ToListAsync(cancel);
        return open.ToDictionary(o => o.Key, o => new OpenInSession(o.First.ConvertAll(a => new OpenApplication(a.ClientId, a.Name)), o.Count));
    }
}

/// <param name="First">The first few, by client id.</param>
/// <param name="Count">How many there are.</param>
internal sealed record OpenInSession(IReadOnlyList<OpenApplication> First, int Count)
{
    public static readonly OpenInSession None = new([], 0);
}

/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="Name">Its name.</param>
internal sealed record OpenApplication(string ClientId, string Name);
