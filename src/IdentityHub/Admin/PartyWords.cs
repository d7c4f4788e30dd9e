using System.Diagnostics;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;

namespace IdentityHub.Admin;

/// <summary>What is known of applications and revocations, in the words of an administrator.</summary>
internal static class PartyWords
{
    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Pending => PartiesTexts.StatePending,
        DeliveryState.Confirmed => PartiesTexts.StateConfirmed,
        DeliveryState.Rejected => PartiesTexts.StateRejected,
        DeliveryState.Unconfirmed => PartiesTexts.StateUnconfirmed,
        _ => throw new UnreachableException(),
    };

    public static string Of(ProofOutcome outcome) => outcome switch
    {
        ProofOutcome.Dead => PartiesTexts.ProofDead,
        ProofOutcome.StillAlive => PartiesTexts.ProofAlive,
        ProofOutcome.CouldNotSignIn => PartiesTexts.ProofNoSignIn,
        ProofOutcome.Unclear => PartiesTexts.ProofUnclear,
        _ => throw new UnreachableException(),
    };

    public static string Of(ProofStepKind kind) => kind switch
    {
        ProofStepKind.Opened => PartiesTexts.StepOpened,
        ProofStepKind.SignedIn => PartiesTexts.StepSignedIn,
        ProofStepKind.ShownSignedIn => PartiesTexts.StepShownSignedIn,
        ProofStepKind.Ended => PartiesTexts.StepEnded,
        ProofStepKind.Told => PartiesTexts.StepTold,
        ProofStepKind.OpenedAgain => PartiesTexts.StepOpenedAgain,
        _ => throw new UnreachableException(),
    };

    public static string Of(ProofSight sight) => sight switch
    {
        ProofSight.SentToHub => PartiesTexts.SightSentToHub,
        ProofSight.Page => PartiesTexts.SightPage,
        ProofSight.Refused => PartiesTexts.SightRefused,
        ProofSight.OtherAnswer => PartiesTexts.SightOtherAnswer,
        ProofSight.StoppedAtHub => PartiesTexts.SightStoppedAtHub,
        ProofSight.NoAnswer => PartiesTexts.SightNoAnswer,
        ProofSight.Done => PartiesTexts.SightDone,
        ProofSight.Confirmed => PartiesTexts.SightConfirmed,
        ProofSight.Rejected => PartiesTexts.SightRejected,
        ProofSight.Waiting => PartiesTexts.SightWaiting,
        ProofSight.Untold => PartiesTexts.SightUntold,
        _ => throw new UnreachableException(),
    };

    /// <summary>What to do about it.</summary>
    public static string Advice(LogoutProof proof) => (proof.Outcome, proof.ReadSteps()) switch
    {
        (ProofOutcome.Dead, var steps) => steps.Any(s => s.Seen is ProofSight.Confirmed) ? PartiesTexts.AdviceDead : PartiesTexts.AdviceDeadUntold,
        (ProofOutcome.StillAlive, var steps) => steps.Any(s => s.Seen is ProofSight.Confirmed) ? PartiesTexts.AdviceAliveConfirmed
            : steps.Any(s => s.Seen is ProofSight.Untold) ? PartiesTexts.AdviceAliveUntold
            : PartiesTexts.AdviceAlive,
        (ProofOutcome.CouldNotSignIn, [.., { Kind: ProofStepKind.Opened, Seen: ProofSight.Page }]) => PartiesTexts.AdvicePageForAll,
        (ProofOutcome.CouldNotSignIn, [.., { Kind: ProofStepKind.Opened, Seen: ProofSight.Refused }]) => PartiesTexts.AdviceRefuses,
        (ProofOutcome.CouldNotSignIn, [.., { Kind: ProofStepKind.ShownSignedIn }]) => PartiesTexts.AdviceNoSession,
        (ProofOutcome.CouldNotSignIn, [.., { Seen: ProofSight.StoppedAtHub }]) => PartiesTexts.AdviceStopped,
        (ProofOutcome.CouldNotSignIn, _) => PartiesTexts.AdviceNoSignIn,
        _ => PartiesTexts.AdviceUnclear,
    };

    public static string Tone(ProofOutcome outcome) => outcome switch
    {
        ProofOutcome.Dead => "good",
        ProofOutcome.StillAlive => "bad",
        _ => "waiting",
    };

    public static string Tone(ProofStep step) => step.Seen switch
    {
        // After the end a page is bad news, before it good.
        ProofSight.Page => step.Kind is ProofStepKind.OpenedAgain or ProofStepKind.Opened ? "bad" : "good",
        ProofSight.SentToHub or ProofSight.Done or ProofSight.Confirmed => "good",
        ProofSight.Refused => step.Kind is ProofStepKind.OpenedAgain ? "good" : "bad",
        ProofSight.Waiting or ProofSight.Untold => "waiting",
        _ => "bad",
    };

    public static string Reason(RevocationReason reason) => ActivityWords.Reason(reason.Wire()) switch
    {
        var words when words.Length > 0 => char.ToUpper(words[0], System.Globalization.CultureInfo.CurrentCulture) + words[1..],
        var words => words,
    };

    /// <summary>Who asked, from the form in which it is kept.</summary>
    public static string Initiator(string initiator) => initiator.Split(':', 2) switch
    {
        ["user", var id] => PartiesTexts.ByPerson.With(id),
        ["admin", var id] => PartiesTexts.ByAdministrator.With(id),
        ["client", var id] => PartiesTexts.ByApplication.With(id),
        ["system"] => PartiesTexts.BySystem,
        ["command-line"] => PartiesTexts.ByCommandLine,
        _ => initiator,
    };
}
