using System.Diagnostics;

namespace IdentityHub.Access;

/// <summary>Which role has which capability, and which scope grants it at the API: the one table. Pure.</summary>
internal static class Capabilities
{
    /// <summary>The least role that has it.</summary>
    public static AdminRole Role(this Capability capability) => capability switch
    {
        Capability.ReadPeople or Capability.ReadRelyingParties or Capability.ReadRevocations or Capability.ReadAudit or Capability.ReadKeys => AdminRole.Viewer,
        Capability.EndSessions or Capability.RedriveRevocations => AdminRole.Operator,
        Capability.ManagePeople or Capability.ManageRelyingParties or Capability.RotateKeys or Capability.ManageAdministrators => AdminRole.Administrator,
        _ => throw new UnreachableException(),
    };

    /// <summary>The scope (RFC 6749 §3.3) by which an access token carries it.</summary>
    public static string Scope(this Capability capability) => capability switch
    {
        Capability.ReadPeople => "hub.people.read",
        Capability.EndSessions => "hub.sessions.end",
        Capability.ManagePeople => "hub.people.manage",
        Capability.ReadRelyingParties => "hub.relying_parties.read",
        Capability.ManageRelyingParties => "hub.relying_parties.manage",
        Capability.ReadRevocations => "hub.revocations.read",
        Capability.RedriveRevocations => "hub.revocations.redrive",
        Capability.ReadAudit => "hub.audit.read",
        Capability.ReadKeys => "hub.keys.read",
        Capability.RotateKeys => "hub.keys.rotate",
        Capability.ManageAdministrators => "hub.administrators.manage",
        _ => throw new UnreachableException(),
    };

    /// <summary>Every scope of the administration.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [.. Enum.GetValues<Capability>().Select(Scope)];

    /// <summary>Whether it only shows. What is not so changes something, and needs a recent proof of who asks.</summary>
    public static bool IsReading(this Capability capability) => capability.Role() is AdminRole.Viewer;

    public static bool Has(this AdminRole role, Capability capability) => role >= capability.Role();

    /// <summary>The name of the role as it is stored and as the command line takes it.</summary>
    public static string Name(this AdminRole role) => role switch
    {
        AdminRole.Viewer => "viewer",
        AdminRole.Operator => "operator",
        AdminRole.Administrator => "administrator",
        _ => throw new UnreachableException(),
    };

    /// <summary>Null when it is the name of no role.</summary>
    public static AdminRole? RoleOf(string? name) => Enum.GetValues<AdminRole>().Select(role => (AdminRole?)role).FirstOrDefault(role => role!.Value.Name() == name);
}
