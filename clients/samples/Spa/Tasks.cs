using System.Collections.Concurrent;

namespace Spa;

/// <summary>Each person's tasks, in memory.</summary>
internal sealed class Tasks
{
    public const int Longest = 200;
    private const int Most = 100;

    private readonly ConcurrentDictionary<string, string[]> _tasks = new();

    public IReadOnlyList<string> Of(string sub) => _tasks.GetValueOrDefault(sub, []);

    public void Add(string sub, string text) => _tasks.AddOrUpdate(sub, [text], (_, known) => [text, .. known.Take(Most - 1)]);
}
