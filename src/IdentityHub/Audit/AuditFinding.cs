namespace IdentityHub.Audit;

/// <summary>One thing in the audit that is not as it was written.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Sequence">The place in the chain; null where it never had one.</param>
/// <param name="EntryId">The entry, where it can be named.</param>
/// <param name="What">The same in a sentence.</param>
internal sealed record AuditFinding(AuditFindingKind Kind, long? Sequence, Guid? EntryId, string What);

internal enum AuditFindingKind
{
    /// <summary>Its content is not what was sealed.</summary>
    Changed,

    /// <summary>The address or browser it came from is not what was sealed, or was erased while the account exists.</summary>
    TraceChanged,

    /// <summary>It was deleted.</summary>
    Missing,

    /// <summary>It stands at another place than it was sealed at.</summary>
    Reordered,

    /// <summary>It was written past the hub.</summary>
    Inserted,

    /// <summary>The end of the chain is gone, or is not the one the operator kept.</summary>
    Truncated,

    /// <summary>The end is not vouched for by this installation: somebody computed the hashes anew.</summary>
    Forged,
}

/// <param name="Sequence">A place in the chain.</param>
/// <param name="Hash">The hash there, as lower-case hexadecimal.</param>
internal sealed record AuditCheckpoint(long Sequence, string Hash)
{
    /// <summary>Reads <c>SEQUENCE:HASH</c>; null when it is not one.</summary>
    public static AuditCheckpoint? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && long.TryParse(text.AsSpan(0, colon), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var sequence) && sequence > 0
            && text.Length - colon - 1 == 2 * AuditChain.HashBytes && text.AsSpan(colon + 1).ToString().All(char.IsAsciiHexDigit)
            ? new(sequence, text[(colon + 1)..].ToLowerInvariant())
            : null;
    }

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Sequence}:{Hash}");
}

/// <param name="Entries">How many entries of the chain were checked.</param>
/// <param name="Head">The end of the chain, for the operator to keep; null when it is empty.</param>
/// <param name="Waiting">Entries that have no place yet.</param>
/// <param name="Findings">What is wrong, by place; at most <see cref="AuditVerification.MostFindings"/>.</param>
internal sealed record AuditReport(long Entries, AuditCheckpoint? Head, long Waiting, IReadOnlyList<AuditFinding> Findings)
{
    public bool Intact => Findings.Count == 0;
}
