namespace IdentityHub.Administration;

/// <summary>Why an act on a person was not done.</summary>
internal enum PersonRefusal
{
    /// <summary>There is no such person.</summary>
    NotThere,

    /// <summary>The account is closed: nothing personal is left in it, and nothing about it can change.</summary>
    Closed,

    /// <summary>It is as the act would make it.</summary>
    AlreadySo,

    /// <summary>The account is disabled, and would have to sign in.</summary>
    Disabled,

    /// <summary>Nobody would be left who can administer.</summary>
    LastAdministrator,
}
