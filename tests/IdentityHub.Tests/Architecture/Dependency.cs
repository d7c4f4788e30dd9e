namespace IdentityHub.Tests.Architecture;

/// <summary>Code in folder <paramref name="From"/> that names a type of folder <paramref name="To"/>.</summary>
internal sealed record Dependency(string From, string To, string By);
