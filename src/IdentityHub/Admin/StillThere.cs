using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Admin;

/// <summary>Whether who watches a page may still: a stream outlives its request's check by minutes, and a session's end does not wait for it (I4).</summary>
internal sealed class StillThere(HubDb db, Administrators administrators, TimeProvider time)
{
    public async Task<bool> MayAsync(CurrentAdministrator administrator, Capability capability, CancellationToken cancel) =>
        await db.Live(time.GetUtcNow()).AnyAsync(s => s.Id == administrator.Session.Id, cancel)
        && (await administrators.RoleOfAsync(administrator.UserId, cancel))?.Has(capability) is true;
}
