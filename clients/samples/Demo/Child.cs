namespace Demo;

/// <summary>A process to start: its assembly, where its output goes, what it answers when ready, and its environment.</summary>
internal sealed record Child(string Name, string Assembly, string Log, string Ready, IReadOnlyDictionary<string, string> Settings);
