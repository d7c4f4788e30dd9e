namespace IdentityHub.Tests.Architecture;

/// <summary>Code in folder <paramref name="From"/> that names a type of folder <paramref name="To"/>.</summary>
/// <param name="From">The folder of the code.</param>
/// <param name="To">The folder of the type.</param>
/// <param name="Type">The type that holds the code; of nested and compiler-generated ones the outermost.</param>
/// <param name="Member">Where exactly.</param>
internal sealed record Dependency(string From, string To, string Type, string Member);
