using System.Globalization;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// The <c>id</c> of an event: all that was written before it has been sent. Whoever comes back with it gets everything
/// from <see cref="Since"/> on, some of it perhaps a second time. Opaque to subscribers.
/// </summary>
/// <param name="Since">On PostgreSQL a transaction number, on SQLite an entry's <c>Id</c>.</param>
/// <param name="At">When that was so, in seconds since 1970: how a position that is older than what is kept is told.</param>
internal readonly record struct FeedPosition(long Since, long At)
{
    public static FeedPosition? Parse(string? text)
    {
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new FeedPosition(since, at)
            : null;
    }

    /// <summary>Why nothing can be resumed from here, null when it can.</summary>
    /// <param name="now">What the database says.</param>
    /// <param name="keepFor">How long entries are kept.</param>
    public string? Refusal(FeedPosition now, TimeSpan keepFor) =>
        At < now.At - (long)keepFor.TotalSeconds ? "The position is older than what is kept."
        // Of another database: one that was restored, or another hub's.
        : Since > now.Since || At > now.At + 300 ? "The position is not of this feed."
        : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Since}-{At}");
}
