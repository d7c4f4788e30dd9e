namespace IdentityHub.Access;

/// <summary>What somebody is in the administration. Each has what the ones before it have.</summary>
public enum AdminRole
{
    /// <summary>Sees everything that the administration shows, and changes nothing.</summary>
    Viewer,

    /// <summary>Also ends sessions, of one person or of many, and has applications told again.</summary>
    Operator,

    /// <summary>Also changes people, applications, keys, and who is an administrator.</summary>
    Administrator,
}
