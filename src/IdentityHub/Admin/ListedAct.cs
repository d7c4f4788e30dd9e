using IdentityHub.Administration;
using IdentityHub.Revocation;

namespace IdentityHub.Admin;

/// <param name="Id">The act.</param>
/// <param name="At">When.</param>
/// <param name="Why">Its reason, as exports and the audit name it.</param>
/// <param name="By">Who asked, as the audit names it.</param>
/// <param name="Sessions">How many sessions ended.</param>
/// <param name="Told">How many deliveries were made.</param>
public sealed record ListedAct(Guid Id, DateTimeOffset At, string Why, string By, int Sessions, int Told)
{
    internal static ListedAct Of(ListedRevocation act) => new(act.Id, act.At, act.Reason.Wire(), act.Initiator, act.Sessions, act.Deliveries);
}
