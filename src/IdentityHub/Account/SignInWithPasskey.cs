using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using IdentityHub.Sessions;

namespace IdentityHub.Account;

/// <summary>
/// A passkey in the place of the password and the second factor: the device is what somebody has, and it has asked for
/// what they know or are (user verification is required).
/// </summary>
internal static class SignInWithPasskey
{
    public const string Path = "/sign-in/passkey";
    public const string ConfirmPath = "/confirm-identity/passkey";

    /// <summary>The way in.</summary>
    public static async Task<IResult> Post(
        [AsParameters] PasskeyForm form, HttpContext context, PasskeyCeremonies ceremonies, Admission admission, Passkeys passkeys,
        RequestingApplication application, HubDb db, AuditTrail audit)
    {
        var address = ReturnUrl.LocalOrHome(form.ReturnUrl);
        if (await ceremonies.ShownAsync(context, form) is { } shown
            && await passkeys.UsedAsync(shown.User, shown.Passkey)
            && await admission.AdmitAsync(context, shown.User, Proof.Passkey(shown.Passkey)))
        {
            return SeeOther.To(address);
        }

        await RecordFailureAsync(null, db, audit);
        return await SignIn.PageAsync(context, application, ceremonies, new(address) { Refused = Texts.PasskeyRefused }, StatusCodes.Status401Unauthorized);
    }

    /// <summary>The person of this session, again.</summary>
    public static async Task<IResult> Confirm(
        [AsParameters] PasskeyForm form, HttpContext context, PasskeyCeremonies ceremonies, Admission admission, Passkeys passkeys, HubDb db, AuditTrail audit)
    {
        var address = ReturnUrl.LocalOrHome(form.ReturnUrl);
        if (CurrentSession.Of(context) is not { } session)
        {
            return SeeOther.To(ReturnUrl.Through("/sign-in", address));
        }

        if (await ceremonies.ShownAsync(context, form) is { } shown
            && shown.User.Id == session.UserId
            && await passkeys.UsedAsync(shown.User, shown.Passkey)
            && await admission.AdmitAsync(context, shown.User, Proof.Passkey(shown.Passkey)))
        {
            return SeeOther.To(address);
        }

        await RecordFailureAsync(session, db, audit);
        return await ConfirmIdentity.PageAsync(context, session, ceremonies, address, passwordError: Texts.PasskeyRefused, status: StatusCodes.Status401Unauthorized);
    }

    private static async Task RecordFailureAsync(CurrentSession? session, HubDb db, AuditTrail audit)
    {
        db.ChangeTracker.Clear();
        audit.Add(db, "sign_in_failed", session is null ? "anonymous" : Initiator.Person(session.UserId).Name, session?.UserId, session?.Id, new { reason = "passkey_refused" });
        await db.SaveChangesAsync();
    }
}
