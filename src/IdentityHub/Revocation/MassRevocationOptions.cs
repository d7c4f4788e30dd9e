namespace IdentityHub.Revocation;

/// <summary>How an act on many is paced. Section <c>MassRevocation</c>.</summary>
internal sealed class MassRevocationOptions
{
    /// <summary>How many sessions end in one transaction. Between 1 and 5000; default 500.</summary>
    public int Chunk { get; set; } = 500;

    /// <summary>
    /// At most this many sessions a second, so that people who sign in again meanwhile, and the applications, are not
    /// overrun. Between 1 and 1,000,000; default 2000. All are refused from the first second, however long it takes.
    /// </summary>
    public int SessionsPerSecond { get; set; } = 2000;

    internal string? Refusal() => this switch
    {
        { Chunk: < 1 or > 5000 } => $"MassRevocation:Chunk is {Chunk}; it must be between 1 and 5000.",
        { SessionsPerSecond: < 1 or > 1_000_000 } => $"MassRevocation:SessionsPerSecond is {SessionsPerSecond}; it must be between 1 and 1000000.",
        _ => null,
    };
}
