using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Administration;

/// <summary>One trial whether a session dies at a relying party: what was done, step by step, and what it showed.</summary>
internal sealed class LogoutProof
{
    /// <summary>How many are kept of each relying party.</summary>
    public const int Kept = 10;

    public required Guid Id { get; init; }
    public required string ClientId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Who asked for it, in the form of <see cref="Revocation.Initiator"/>.</summary>
    public required string Initiator { get; init; }

    public required ProofOutcome Outcome { get; init; }

    /// <summary>The steps as JSON: addresses without their queries, which carry codes.</summary>
    public required string Steps { get; init; }

    /// <summary>The act that ended the session; null when it did not come to that.</summary>
    public Guid? RevocationId { get; init; }

    public IReadOnlyList<ProofStep> ReadSteps() => JsonSerializer.Deserialize<List<ProofStep>>(Steps, JsonSerializerOptions.Web) ?? [];
}

public enum ProofOutcome
{
    /// <summary>The page answered as signed in before, and does so no more.</summary>
    Dead,

    /// <summary>The page still answers as signed in although the session is over.</summary>
    StillAlive,

    /// <summary>Nobody could be signed in there, so that nothing is shown.</summary>
    CouldNotSignIn,

    /// <summary>The last answer says neither.</summary>
    Unclear,
}

/// <summary>What was done.</summary>
public enum ProofStepKind
{
    /// <summary>The page was opened by somebody who is not signed in.</summary>
    Opened,

    /// <summary>The page was opened again, and the way led through the hub, where the synthetic person is signed in, back to it.</summary>
    SignedIn,

    /// <summary>The page was opened with the application's own cookies alone.</summary>
    ShownSignedIn,

    /// <summary>The session was ended at the hub.</summary>
    Ended,

    /// <summary>The application was told.</summary>
    Told,

    /// <summary>The page was opened once more with the application's own cookies.</summary>
    OpenedAgain,
}

/// <param name="Kind">What was done.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Milliseconds">When, since the beginning.</param>
/// <param name="Address">Where it ended, without the query; null where no address was opened.</param>
/// <param name="Status">The HTTP status of the last answer; null where there was none.</param>
/// <param name="Detail">More of it, in English and for an administrator.</param>
public sealed record ProofStep(ProofStepKind Kind, ProofSight Seen, long Milliseconds, string? Address = null, int? Status = null, string? Detail = null);

/// <summary>What a step showed.</summary>
public enum ProofSight
{
    /// <summary>It sent the browser to the hub to sign in.</summary>
    SentToHub,

    /// <summary>It showed the page.</summary>
    Page,

    /// <summary>It answered 401 or 403.</summary>
    Refused,

    /// <summary>It answered something else.</summary>
    OtherAnswer,

    /// <summary>The hub itself stopped it: a page of the hub that asks for something, or an error.</summary>
    StoppedAtHub,

    /// <summary>It did not answer, or was not connected to.</summary>
    NoAnswer,

    /// <summary>Done.</summary>
    Done,

    /// <summary>The application answered that it has ended its session.</summary>
    Confirmed,

    /// <summary>The application answered that it will not.</summary>
    Rejected,

    /// <summary>The application has not answered yet.</summary>
    Waiting,

    /// <summary>There is no address to tell the application at.</summary>
    Untold,
}

internal sealed class LogoutProofTable : IEntityTypeConfiguration<LogoutProof>
{
    public void Configure(EntityTypeBuilder<LogoutProof> proof)
    {
        proof.ToTable("logout_proofs");
        proof.Property(p => p.ClientId).HasMaxLength(100);
        proof.Property(p => p.Initiator).HasMaxLength(120);
        proof.Property(p => p.Outcome).HasConversion<string>().HasMaxLength(20);
        proof.HasIndex(p => new { p.ClientId, p.Id });
    }
}
