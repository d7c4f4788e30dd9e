using Mono.Cecil;

namespace IdentityHub.Tests.Architecture;

/// <summary>
/// Reads which folder names types of which other, out of the compiled assembly: signatures, bodies, generics,
/// attributes and what the compiler generated (closures, state machines, Razor components), which belongs to the
/// folder of the type it is nested in.
/// </summary>
internal sealed class AssemblyReader(string assembly, string rootNamespace) : IDisposable
{
    private readonly ModuleDefinition _module = ModuleDefinition.ReadModule(assembly);

    public IReadOnlyList<TypeDefinition> Types => [.. _module.GetTypes().Where(type => Belongs(type))];

    public IReadOnlySet<string> Folders => Types.Select(FolderOf).OfType<string>().ToHashSet();

    public IReadOnlyList<Dependency> Dependencies =>
    [
        .. from type in Types
           let @from = FolderOf(type)
           where @from is not null
           from reference in TypeReferences.Of(type)
           from used in TypeReferences.Unwrap(reference.Type)
           where used is TypeDefinition definition && definition.Module == _module
           let to = FolderOf((TypeDefinition)used)
           where to is not null && to != @from
           select new Dependency(@from, to, Outermost(type).FullName, $"{type.Name}{reference.Member}"),
    ];

    /// <summary>The first name below the root namespace; null for the root itself, where the program is put together.</summary>
    public string? FolderOf(TypeDefinition type)
    {
        var @namespace = Outermost(type).Namespace;
        return @namespace.StartsWith(rootNamespace + ".", StringComparison.Ordinal)
            ? @namespace[(rootNamespace.Length + 1)..].Split('.')[0]
            : null;
    }

    public void Dispose() => _module.Dispose();

    private bool Belongs(TypeDefinition type)
    {
        var @namespace = Outermost(type).Namespace;
        return @namespace == rootNamespace || @namespace.StartsWith(rootNamespace + ".", StringComparison.Ordinal);
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
