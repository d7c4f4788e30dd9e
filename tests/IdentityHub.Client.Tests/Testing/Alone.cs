namespace IdentityHub.Client.Tests.Testing;

/// <summary>For what is measured of this process: no other test of it runs meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
