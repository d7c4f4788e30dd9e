namespace IdentityHub.Keys;

/// <summary>
/// When keys of one algorithm come and go. A key is published, then used, then only accepted, then gone:
/// <c>created … active from … superseded … retires</c>. Pure: takes the generations and the time, returns what to do.
/// </summary>
internal static class KeySchedule
{
    /// <summary>
    /// The <see cref="StoredKey.ActiveFrom"/> of the first generation: nobody has met another key, so it needs no
    /// announcement; and being one fixed instant, the unique index lets only one node's first generation in.
    /// </summary>
    public static readonly DateTimeOffset First = DateTimeOffset.UnixEpoch;

    /// <summary>The key to sign or encrypt with: the youngest that is due. There always is one, however wrong the clock.</summary>
    public static StoredKey Active(IReadOnlyCollection<StoredKey> generations, DateTimeOffset now) =>
        generations.Where(key => key.ActiveFrom <= now).MaxBy(key => key.ActiveFrom) ?? generations.MinBy(key => key.ActiveFrom)!;

    /// <summary>Whether tokens made with the key are still accepted. The active key always is.</summary>
    public static bool Accepted(StoredKey key, DateTimeOffset now) => key.RetiresAt is not { } end || end > now;

    /// <summary>The instant a key that is to be made now becomes active; null while none is to be made.</summary>
    public static DateTimeOffset? Successor(IReadOnlyCollection<StoredKey> generations, DateTimeOffset now, KeyOptions options)
    {
        if (generations.MaxBy(key => key.ActiveFrom) is not { } youngest)
        {
            return First;
        }

        var due = (youngest.ActiveFrom == First ? youngest.CreatedAt : youngest.ActiveFrom) + options.RotateEvery;
        if (now < due - options.PublishAhead)
        {
            return null;
        }

        // A hub that was away at the due time still publishes the key for the full span first.
        var announced = now + options.PublishAhead;
        return announced > due ? announced : due;
    }

    /// <summary>The superseded keys whose end is not written yet, and that end.</summary>
    public static IEnumerable<(StoredKey Key, DateTimeOffset RetiresAt)> ToRetire(IReadOnlyCollection<StoredKey> generations, DateTimeOffset now, KeyOptions options)
    {
        if (generations.Count == 0)
        {
            return [];
        }

        var active = Active(generations, now);
        return generations
            .Where(key => key.ActiveFrom < active.ActiveFrom && key.RetiresAt is null)
            .Select(key => (key, active.ActiveFrom + options.KeepRetired));
    }

    /// <summary>The keys that nothing needs any more.</summary>
    public static IEnumerable<StoredKey> ToDelete(IReadOnlyCollection<StoredKey> generations, DateTimeOffset now) =>
        generations.Count == 0 ? [] : generations.Where(key => !Accepted(key, now) && key != Active(generations, now));

    /// <summary>Whether <paramref name="generations"/> call for any of the above.</summary>
    public static bool IsDue(IReadOnlyCollection<StoredKey> generations, DateTimeOffset now, KeyOptions options) =>
        Successor(generations, now, options) is not null || ToRetire(generations, now, options).Any() || ToDelete(generations, now).Any();
}
