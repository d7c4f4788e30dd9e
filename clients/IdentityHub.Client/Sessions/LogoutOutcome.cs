namespace IdentityHub.Client.Sessions;

/// <summary>What became of a <see cref="LogoutNotice"/>.</summary>
public enum LogoutOutcome
{
    /// <summary>What it names is ended and remembered, also when there was no such session here (any more).</summary>
    Ended,

    /// <summary>Its token was used before. Nothing changed.</summary>
    Replayed,

    /// <summary>Its <c>sid</c> is a session of another person than its <c>sub</c>. Nothing changed.</summary>
    OtherSubject,
}
