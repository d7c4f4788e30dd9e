using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// <c>/confirm-identity</c>: the person of this session proves again who they are, with every factor they have turned on
/// (ASVS 7.5.1), and goes back to where they were. A browser that may leave out the second factor at sign-in may not here.
/// </summary>
internal static class ConfirmIdentity
{
    public static async Task<IResult> Get(HttpContext context, PasskeyCeremonies ceremonies, [FromQuery(Name = "return_url")] string? returnUrl)
    {
        var address = ReturnUrl.LocalOrHome(returnUrl);
        return CurrentSession.Of(context) is { } session
            ? await PageAsync(context, session, ceremonies, address)
            : SeeOther.To(ReturnUrl.Through("/sign-in", address));
    }

    public static async Task<IResult> Post(
        [AsParameters] ConfirmIdentityForm form, HttpContext context, PasswordGuard passwords, SecondFactorGuard factors, Admission admission, PasskeyCeremonies ceremonies, HubDb db, AuditTrail audit)
    {
        var address = ReturnUrl.LocalOrHome(form.ReturnUrl);
        if (CurrentSession.Of(context) is not { } session)
        {
            return SeeOther.To(ReturnUrl.Through("/sign-in", address));
        }

        var (password, code) = (
            string.IsNullOrEmpty(form.Password) ? Texts.SignInPasswordMissing : null,
            session.HasSecondFactor && string.IsNullOrWhiteSpace(form.Code) ? Texts.ConfirmCodeMissing : null);
        if ((password ?? code) is not null)
        {
            return await PageAsync(context, session, ceremonies, address, password, code, StatusCodes.Status400BadRequest);
        }

        var verdict = await passwords.CheckAsync(session, form.Password!);
        if (verdict.Wait > TimeSpan.Zero)
        {
            return await PageAsync(context, session, ceremonies, address, TooManyGuesses.Say(context, verdict.Wait), null, TooManyGuesses.Status);
        }

        if (verdict.Refusal is not null || verdict.User!.Id != session.UserId)
        {
            await RecordFailureAsync(session, verdict.Refusal ?? "account_changed", db, audit);
            return await PageAsync(context, session, ceremonies, address, Texts.ConfirmPasswordWrong, null, StatusCodes.Status401Unauthorized);
        }

        var factor = new FactorVerdict(Proof.Password);
        if (verdict.User.TwoFactorEnabled)
        {
            factor = await factors.CheckAsync(context, session.UserId, form.Code ?? "");
        }

        if (factor.Wait > TimeSpan.Zero)
        {
            return await PageAsync(context, session, ceremonies, address, null, TooManyGuesses.Say(context, factor.Wait), TooManyGuesses.Status);
        }

        if (factor.Amr is null)
        {
            await RecordFailureAsync(session, "wrong_code", db, audit);
            return await PageAsync(context, session, ceremonies, address, null, Texts.ConfirmCodeWrong, StatusCodes.Status401Unauthorized);
        }

        // ASVS 7.2.4: the session goes on under a new cookie value, and a copy of the old one is dead. Where the account
        // changed while we looked, the page asks again.
        return await admission.AdmitAsync(context, verdict.User, factor.Amr) ? SeeOther.To(address) : SeeOther.To(ReturnUrl.Through("/confirm-identity", address));
    }

    private static async Task RecordFailureAsync(CurrentSession session, string reason, HubDb db, AuditTrail audit)
    {
        db.ChangeTracker.Clear();
        audit.Add(db, "sign_in_failed", Initiator.Person(session.UserId).Name, session.UserId, session.Id, new { reason });
        await db.SaveChangesAsync();
    }

    internal static async Task<RazorComponentResult<ConfirmIdentityPage>> PageAsync(
        HttpContext context, CurrentSession session, PasskeyCeremonies ceremonies, string returnUrl, string? passwordError = null, string? codeError = null, int status = StatusCodes.Status200OK) =>
        new(new { session.Email, AsksCode = session.HasSecondFactor, ReturnAddress = returnUrl, Asked = await ceremonies.AskAsync(context), PasswordError = passwordError, CodeError = codeError }) { StatusCode = status };
}

/// <summary>What the page posts.</summary>
internal sealed record ConfirmIdentityForm(
    [FromForm(Name = "password")] string? Password,
    [FromForm(Name = "code")] string? Code,
    [FromForm(Name = "return_url")] string? ReturnUrl);
