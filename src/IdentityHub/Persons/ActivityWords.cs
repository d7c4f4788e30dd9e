using IdentityHub.Pages;
using System.Text.Json;

namespace IdentityHub.Persons;

/// <summary>An entry of the audit in the words of the person it happened to.</summary>
internal static class ActivityWords
{
    /// <summary>What happened. An action without words of its own is shown as it is named: better unpolished than hidden.</summary>
    public static string Of(string action, string? details) => action switch
    {
        "registered" => Texts.ActivityRegistered,
        "signed_in" => Texts.ActivitySignedIn,
        "authenticated_again" => Texts.ActivityAuthenticatedAgain,
        "sign_in_failed" => Texts.ActivitySignInFailed,
        "password_changed" => Texts.ActivityPasswordChanged,
        "password_change_refused" => Texts.ActivityPasswordChangeRefused,
        "application_allowed" => Texts.ActivityApplicationAllowed.With(Member(details, "client") ?? "?"),
        "application_withdrawn" => Texts.ActivityApplicationWithdrawn.With(Member(details, "client") ?? "?"),
        "password_reset_requested" => Texts.ActivityPasswordResetRequested,
        "password_reset" => Texts.ActivityPasswordReset,
        "email_confirmed" => Texts.ActivityEmailConfirmed,
        "email_change_requested" => Texts.ActivityEmailChangeRequested,
        "email_changed" => Texts.ActivityEmailChanged,
        "email_change_reported" or "activity_reported" => Texts.ActivityReported,
        "recovery_code_used" => Texts.ActivityRecoveryCodeUsed,
        "guesses_throttled" => Texts.ActivityGuessesThrottled,
        "person_revoked" => Texts.ActivityPersonRevoked,
        "person_disabled" => Texts.ActivityPersonDisabled,
        "person_enabled" => Texts.ActivityPersonEnabled,
        "new_password_required" => Texts.ActivityNewPasswordRequired,
        "administrator_invited" => Texts.ActivityAdministratorInvited,
        "administrator_set" => Texts.ActivityAdministratorSet.With(Member(details, "role") ?? "?"),
        "administrator_removed" => Texts.ActivityAdministratorRemoved,
        "session_ended" => Texts.ActivitySessionEnded.With(Reason(Member(details, "reason"))),
        "grants_revoked" => Texts.ActivityGrantsRevoked.With(Reason(Member(details, "reason"))),
        _ => Named(action),
    };

    public static bool IsFailure(string action) => action.EndsWith("_failed", StringComparison.Ordinal) || action.EndsWith("_refused", StringComparison.Ordinal);

    /// <summary>Why sessions ended, by the name of the reason in events and the audit.</summary>
    public static string Reason(string? reason) => reason switch
    {
        "signed_out" => Texts.ReasonSignedOut,
        "session_ended" => Texts.ReasonSessionEnded,
        "signed_out_others" => Texts.ReasonSignedOutOthers,
        "signed_out_everywhere" => Texts.ReasonSignedOutEverywhere,
        "replaced_by_sign_in" => Texts.ReasonReplacedBySignIn,
        "idle_timeout" => Texts.ReasonIdleTimeout,
        "absolute_timeout" => Texts.ReasonAbsoluteTimeout,
        "session_limit" => Texts.ReasonSessionLimit,
        "reported_by_person" => Texts.ReasonReportedByPerson,
        "password_changed" => Texts.ReasonPasswordChanged,
        "password_reset" => Texts.ReasonPasswordReset,
        "email_changed" => Texts.ReasonEmailChanged,
        "second_factor_enabled" => Texts.ReasonSecondFactorEnabled,
        "second_factor_disabled" => Texts.ReasonSecondFactorDisabled,
        "second_factor_changed" => Texts.ReasonSecondFactorChanged,
        "passkey_added" => Texts.ReasonPasskeyAdded,
        "passkey_removed" => Texts.ReasonPasskeyRemoved,
        "session_revoked_by_administrator" or "revoked_by_administrator" or "everyone_revoked" or "relying_party_revoked" => Texts.ReasonByAdministrator,
        "account_disabled" => Texts.ReasonAccountDisabled,
        "new_password_required" => Texts.ReasonNewPasswordRequired,
        "account_closed" => Texts.ReasonAccountClosed,
        _ => Named(reason ?? "?"),
    };

    private static string Named(string name) => name.Replace('_', ' ');

    private static string? Member(string? details, string name)
    {
        if (details is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(details);
        return json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
