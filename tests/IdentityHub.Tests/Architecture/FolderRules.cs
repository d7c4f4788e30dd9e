namespace IdentityHub.Tests.Architecture;

internal sealed class FolderRules
{
    public required IReadOnlyDictionary<string, string[]> MayUse { get; init; }

    /// <summary>Folders whose allowances are a general rule and need not all be used.</summary>
    public IReadOnlySet<string> Blanket { get; init; } = new HashSet<string>();

    public IEnumerable<string> Violations(IEnumerable<Dependency> dependencies) => dependencies
        .Where(dependency => !MayUse.TryGetValue(dependency.From, out var allowed) || !allowed.Contains(dependency.To))
        .DistinctBy(dependency => (dependency.From, dependency.To, dependency.Type))
        .Select(dependency => $"{dependency.From} may not use {dependency.To}, but {dependency.Type} does, in {dependency.Member}");

    /// <summary>Folders of the assembly without a row: each must say what it may use.</summary>
    public IEnumerable<string> Unlisted(IEnumerable<string> folders) => folders.Where(folder => !MayUse.ContainsKey(folder));

    /// <summary>Allowances between existing folders that no code uses: an open door nobody decided on.</summary>
    public IEnumerable<string> Stale(IReadOnlySet<string> folders, IEnumerable<Dependency> dependencies)
    {
        var used = dependencies.Select(dependency => (dependency.From, dependency.To)).ToHashSet();
        return
            from row in MayUse
            where folders.Contains(row.Key) && !Blanket.Contains(row.Key)
            from allowed in row.Value
            where folders.Contains(allowed) && !used.Contains((row.Key, allowed))
            select $"{row.Key} may use {allowed}, but nothing does";
    }
}
