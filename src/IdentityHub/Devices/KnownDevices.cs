using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Devices;

/// <summary>Recognises browsers, and remembers those that somebody has signed in with.</summary>
internal sealed class KnownDevices(HubDb db, DeviceCookie cookie, TimeProvider time)
{
    /// <summary>How long a browser that the person chose to remember skips the second factor.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromDays(30);

    /// <summary>This browser, if the person with this normalised address has signed in here before.</summary>
    public async Task<Guid?> FindAsync(HttpContext context, string normalizedEmail) => cookie.ReadHash(context.Request) is { } hash
        ? await db.Set<KnownDevice>().Where(d => d.CookieHash == hash && d.User!.NormalizedEmail == normalizedEmail).Select(d => (Guid?)d.Id).SingleOrDefaultAsync()
        : null;

    /// <summary>This browser, if this person has signed in here before. Another person's row of the same cookie is nothing to them.</summary>
    public async Task<KnownDevice?> FindAsync(HttpContext context, Guid userId) => cookie.ReadHash(context.Request) is { } hash
        ? await db.Set<KnownDevice>().AsNoTracking().SingleOrDefaultAsync(d => d.CookieHash == hash && d.UserId == userId)
        : null;

    /// <summary>Whether the second factor may be left out here, for this person, at this instant.</summary>
    public async Task<bool> IsTrustedAsync(HttpContext context, Guid userId) =>
        (await FindAsync(context, userId))?.TrustedUntil is { } until && until > time.GetUtcNow();

    /// <summary>
    /// The person has signed in here: a new value for the cookie, so that a value somebody planted or copied before is
    /// worth nothing afterwards. True when they had not signed in here before.
    /// </summary>
    /// <param name="context">The request; its answer gets the cookie.</param>
    /// <param name="user">Who signed in.</param>
    /// <param name="trust">They presented the second factor and chose to leave it out here from now on.</param>
    public async Task<bool> SignedInAsync(HttpContext context, User user, bool trust)
    {
        var (now, value) = (time.GetUtcNow(), DeviceCookie.NewValue());
        var hash = DeviceCookie.Hash(value);
        if (cookie.ReadHash(context.Request) is { } before)
        {
            // The rows of the others who use this browser go with it.
            await db.Set<KnownDevice>().Where(d => d.CookieHash == before).ExecuteUpdateAsync(d => d.SetProperty(x => x.CookieHash, hash));
        }

        var (agent, address) = (Cut(context.Request.Headers.UserAgent.ToString(), 400), Cut(context.Connection.RemoteIpAddress?.ToString() ?? "", 45));
        var trusted = trust ? now + Trust : (DateTimeOffset?)null;
        var known = await db.Set<KnownDevice>().Where(d => d.CookieHash == hash && d.UserId == user.Id).ExecuteUpdateAsync(d => d
            .SetProperty(x => x.LastUsedAt, now)
            .SetProperty(x => x.UserAgent, agent)
            .SetProperty(x => x.IpAddress, address)
            .SetProperty(x => x.TrustedUntil, x => trusted ?? x.TrustedUntil));
        if (known == 0)
        {
            db.Add(new KnownDevice
            {
                Id = Guid.CreateVersion7(now),
                UserId = user.Id,
                CookieHash = hash,
                CreatedAt = now,
                LastUsedAt = now,
                TrustedUntil = trusted,
                UserAgent = agent,
                IpAddress = address,
            });
            await db.SaveChangesAsync();
        }

        cookie.Write(context.Response, value);
        return known == 0;
    }

    /// <summary>Where this person's second factor is left out, the one used last first.</summary>
    public Task<List<KnownDevice>> TrustedAsync(Guid userId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return db.Set<KnownDevice>().AsNoTracking().Where(d => d.UserId == userId && d.TrustedUntil != null && d.TrustedUntil > now)
            .OrderByDescending(d => d.LastUsedAt).Take(100).ToListAsync(cancel);
    }

    /// <summary>Takes the trust back: of one browser, or with null of all.</summary>
    public Task<int> DistrustAsync(Guid userId, Guid? device) => db.Set<KnownDevice>()
        .Where(d => d.UserId == userId && d.TrustedUntil != null && (device == null || d.Id == device))
        .ExecuteUpdateAsync(d => d.SetProperty(x => x.TrustedUntil, (DateTimeOffset?)null));

    private static string? Cut(string text, int length) => text.Length == 0 ? null : text.Length <= length ? text : text[..length];
}
