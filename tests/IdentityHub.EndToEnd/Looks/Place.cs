using Microsoft.Playwright;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>A page of the hub as somebody meets it.</summary>
/// <param name="Route">The endpoint that renders it.</param>
/// <param name="OpenAsync">From an empty window to the page.</param>
internal sealed record Place(string Route, Func<LooksHub, IPage, Task> OpenAsync);
