using IdentityHub.Data;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using System.Buffers.Text;
using System.Text;

namespace IdentityHub.Administration;

/// <summary>
/// Finds people among a million: by the beginnings of words of their name, of their address, or by their identifier. A
/// page touches the rows it shows, on both databases: it begins in the key of <see cref="UserWord"/> where the one before ended.
/// </summary>
internal sealed class People(HubDb db, TimeProvider time)
{
    public const int PageSize = 25;
    public const int LongestSearch = 200;

    // More words narrow nothing down any more.
    private const int MostWords = 6;

    // Comes after every character there is.
    private const string Last = "\U0010FFFF";

    /// <summary>A page of the people that have every word of the search; of all people, the newest first, when there is none.</summary>
    /// <param name="search">As it was typed; what is longer than <see cref="LongestSearch"/> is cut.</param>
    /// <param name="after">The cursor of the page before; null for the first. What is no cursor begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<PeoplePage> PageAsync(string? search, string? after, int limit, CancellationToken cancel)
    {
        var text = (search ?? "").Trim();
        var words = Words(text.Length <= LongestSearch ? text : text[..LongestSearch]);
        if (Guid.TryParse(text, out var id))
        {
            return new(await RowsAsync([id], cancel), null);
        }

        var found = text.Length == 0 ? await NewestAsync(after, limit, cancel) : words.Count == 0 ? [] : await FoundAsync(words, after, limit, cancel);
        var rows = await RowsAsync(found.Take(limit).Select(f => f.UserId).ToList(), cancel);
        return new(rows, found.Count > limit ? Write(found[limit - 1]) : null);
    }

    private async Task<List<Place>> NewestAsync(string? after, int limit, CancellationToken cancel)
    {
        var people = db.Users.Where(u => u.ClosedAt == null && !u.Synthetic);
        if (Read(after) is { } last)
        {
            people = people.Where(u => u.Id < last.UserId);
        }

        return await people.OrderByDescending(u => u.Id).Select(u => new Place("", u.Id)).Take(limit + 1).ToListAsync(cancel);
    }

#pragma warning disable CA1309 // Translated to SQL, which compares in the one way it also orders.
    private async Task<List<Place>> FoundAsync(List<string> words, string? after, int limit, CancellationToken cancel)
    {
        // The longest begins the fewest words.
        var first = words.MaxBy(w => w.Length)!;
        var (from, to) = (first, first + Last);
        var found = db.Set<UserWord>().Where(w => string.Compare(w.Word, to) < 0);
        found = Read(after) is { } last
            ? found.Where(w => string.Compare(w.Word, last.Word) >= 0 && (string.Compare(w.Word, last.Word) > 0 || w.UserId > last.UserId))
            : found.Where(w => string.Compare(w.Word, from) >= 0);
        // Who has two words that begin so is found by the first.
        found = found.Where(w => !db.Set<UserWord>().Any(o => o.UserId == w.UserId && string.Compare(o.Word, from) >= 0 && string.Compare(o.Word, w.Word) < 0));
        foreach (var other in words.Where(w => w != first))
        {
            var (begin, end) = (other, other + Last);
            found = found.Where(w => db.Set<UserWord>().Any(o => o.UserId == w.UserId && string.Compare(o.Word, begin) >= 0 && string.Compare(o.Word, end) < 0));
        }

        return await found.OrderBy(w => w.Word).ThenBy(w => w.UserId).Select(w => new Place(w.Word, w.UserId)).Take(limit + 1).ToListAsync(cancel);
    }
#pragma warning restore CA1309

    private async Task<IReadOnlyList<FoundPerson>> RowsAsync(List<Guid> ids, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var rows = await db.Users.Where(u => ids.Contains(u.Id))
            .Select(u => new FoundPerson(u.Id, u.DisplayName, u.Email, u.EmailConfirmed, u.DisabledAt, u.ClosedAt, db.Live(now).Count(s => s.UserId == u.Id)))
            .ToDictionaryAsync(r => r.Id, cancel);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    private static List<string> Words(string text) =>
    [
        .. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(UserWord.Normalize)
            .Where(word => word.Any(char.IsLetterOrDigit)).Distinct(StringComparer.Ordinal).OrderByDescending(word => word.Length).Take(MostWords),
    ];

    private static string Write(Place place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{place.UserId:N}{place.Word}"));

    private static Place? Read(string? cursor)
    {
        if (cursor is not { Length: > 0 and < 2000 } || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.Length >= 32 && !text.Contains('\0', StringComparison.Ordinal) && Guid.TryParse(text[..32], out var id) ? new(text[32..], id) : null;
    }

    private sealed record Place(string Word, Guid UserId);
}

/// <param name="People">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
public sealed record PeoplePage(IReadOnlyList<FoundPerson> People, string? Next);

/// <param name="Id">The person: the <c>sub</c>.</param>
/// <param name="Name">Empty when the account is closed.</param>
/// <param name="Email">Null when the account is closed.</param>
/// <param name="EmailConfirmed">Whether somebody showed that mail arrives there.</param>
/// <param name="DisabledAt">Since when the account signs nobody in.</param>
/// <param name="ClosedAt">Since when there is nothing personal in it any more.</param>
/// <param name="Sessions">How many live sessions there are.</param>
public sealed record FoundPerson(Guid Id, string Name, string? Email, bool EmailConfirmed, DateTimeOffset? DisabledAt, DateTimeOffset? ClosedAt, int Sessions);
