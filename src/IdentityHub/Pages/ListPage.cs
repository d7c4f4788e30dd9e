namespace IdentityHub.Pages;

/// <summary>
/// One page of a list that is read whole, because it has at most one line for each application there is. Pure.
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="Last">The number of the last one.</param>
/// <param name="Total">How many lines the whole list has.</param>
/// <param name="Items">Those of this page.</param>
public sealed record ListPage<T>(int Number, int Last, int Total, IReadOnlyList<T> Items);

internal static class ListPage
{
    public const int Size = 25;

    /// <param name="all">The whole list.</param>
    /// <param name="number">What was asked for; beyond the list it is the nearest.</param>
    public static ListPage<T> Of<T>(IReadOnlyList<T> all, int? number)
    {
        var last = Math.Max(1, (all.Count + Size - 1) / Size);
        var shown = Math.Clamp(number ?? 1, 1, last);
        return new(shown, last, all.Count, [.. all.Skip((shown - 1) * Size).Take(Size)]);
    }
}
