using IdentityHub.Audit;

namespace IdentityHub.Revocation;

/// <summary>Who asked for a revocation, as the audit shows it.</summary>
internal sealed record Initiator(string Name)
{
    public static readonly Initiator System = new("system");

    /// <summary>Whoever has the command line of the installation.</summary>
    public static readonly Initiator CommandLine = new("command-line");

    public static Initiator Person(Guid userId) => new($"user:{userId}");

    public static Initiator Administrator(Guid userId) => new($"{AuditEntry.Administrator}{userId}");

    public static Initiator RelyingParty(string clientId) => new($"client:{clientId}");

    /// <summary>The person of <see cref="Administrator"/>; null when it was somebody else.</summary>
    public Guid? AdministratorId => AuditEntry.AdministratorIn(Name);

    public override string ToString() => Name;
}
