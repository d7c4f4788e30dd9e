namespace IdentityHub.Access;

/// <summary>
/// One thing that the administration can do, as pages, the API and the command line know it. The API grants each by the
/// scope of <see cref="Capabilities.Scope"/>.
/// </summary>
public enum Capability
{
    /// <summary>People, their sessions, applications, factors and activity.</summary>
    ReadPeople,

    /// <summary>Ending sessions: one, all of a person, those of many.</summary>
    EndSessions,

    /// <summary>Disabling, enabling, requiring a new password, deleting.</summary>
    ManagePeople,

    /// <summary>Relying parties and the state of what they are told.</summary>
    ReadRelyingParties,

    /// <summary>Registering, editing, rotating a secret, proving that a session dies.</summary>
    ManageRelyingParties,

    /// <summary>Revocations, each with what became of it.</summary>
    ReadRevocations,

    /// <summary>Having relying parties told again that did not confirm.</summary>
    RedriveRevocations,

    /// <summary>The audit trail, its export and its verification.</summary>
    ReadAudit,

    /// <summary>The signing keys: which is active, next, retired. Never their private parts.</summary>
    ReadKeys,

    /// <summary>Rotating the signing keys before their time.</summary>
    RotateKeys,

    /// <summary>Who is an administrator, and inviting another.</summary>
    ManageAdministrators,
}
