using System.Collections.Concurrent;

namespace Notes;

/// <summary>Everybody's notes, newest first, in memory: gone when the process ends. Safe for concurrent use.</summary>
internal sealed class Notebook
{
    public const int LongestNote = 500;
    private const int MostNotes = 100;

    private readonly ConcurrentDictionary<string, string[]> _notes = new();

    public IReadOnlyList<string> Of(string sub) => _notes.GetValueOrDefault(sub, []);

    public void Add(string sub, string note) =>
        _notes.AddOrUpdate(sub, [note], (_, before) => [note, .. before.Take(MostNotes - 1)]);
}
