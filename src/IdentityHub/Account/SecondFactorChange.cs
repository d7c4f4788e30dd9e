using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Factors;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>Turns the second factor on, gives it another authenticator or other recovery codes, turns it off.</summary>
internal sealed class SecondFactorChange(HubDb db, SecurityChange change, Authenticators authenticators, RecoveryCodes recovery)
{
    /// <summary>The authenticator with this secret, of which the person has just shown the code of <paramref name="step"/>, is the second factor from now on.</summary>
    public async Task<NewRecoveryCodes?> SetAsync(HttpContext context, CurrentSession session, byte[] secret, long step, bool endThisToo)
    {
        var reason = session.HasSecondFactor ? RevocationReason.SecondFactorChanged : RevocationReason.SecondFactorEnabled;
        // The code is a proof of its own: from now on this session is one of two factors.
        var amr = string.Join(' ', session.Amr.Split(' ').Union(Proof.PasswordAndCode.Split(' ').Skip(1)));
        return await WithCodesAsync(context, session, reason, endThisToo, amr, async user =>
        {
            await authenticators.ReplaceAsync(user.Id, secret, step);
            await SwitchAsync(user, on: true);
            return true;
        });
    }

    public Task<NewRecoveryCodes?> RenewRecoveryCodesAsync(HttpContext context, CurrentSession session, bool endThisToo) =>
        WithCodesAsync(context, session, RevocationReason.SecondFactorChanged, endThisToo, session.Amr, user => Task.FromResult(user.TwoFactorEnabled));

    public Task<Ended?> TurnOffAsync(HttpContext context, CurrentSession session, bool endThisToo) =>
        change.MakeAsync(context, session, RevocationReason.SecondFactorDisabled, endThisToo, session.Amr, async user =>
        {
            await authenticators.RemoveAsync(user.Id);
            await recovery.RemoveAsync(user.Id);
            await SwitchAsync(user, on: false);
            return user.TwoFactorEnabled;
        });

    private async Task<NewRecoveryCodes?> WithCodesAsync(
        HttpContext context, CurrentSession session, RevocationReason reason, bool endThisToo, string amr, Func<User, Task<bool>> write)
    {
        IReadOnlyList<string> codes = [];
        var ended = await change.MakeAsync(context, session, reason, endThisToo, amr, async user =>
        {
            if (!await write(user))
            {
                return false;
            }

            codes = await recovery.RenewAsync(user.Id);
            return true;
        });
        return ended is null ? null : new(codes, ended);
    }

    private Task SwitchAsync(User user, bool on) =>
        db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.TwoFactorEnabled, on));
}

/// <param name="Codes">To be shown once, now.</param>
/// <param name="Ended">What ended with the change.</param>
internal sealed record NewRecoveryCodes(IReadOnlyList<string> Codes, Ended Ended);
