using IdentityHub.Data;
using IdentityHub.Devices;
using IdentityHub.Mail;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>
/// Tells a person by mail of a sign-in in a browser they have not signed in with before (ASVS 6.3.5). Known by its cookie
/// and not by what it calls itself, which a thief can repeat. Of the first browser of all nobody is told.
/// </summary>
internal sealed class NewDevice(HubDb db, Notices notices, TimeProvider time)
{
    /// <summary>In the transaction of the sign-in, after the browser was remembered.</summary>
    public async Task TellAsync(HttpContext context, User user)
    {
        if (user.Email is null || !await db.Set<KnownDevice>().Where(d => d.UserId == user.Id).OrderBy(d => d.Id).Skip(1).AnyAsync())
        {
            return;
        }

        await notices.TellAsync(db, user, new Letter(
            "NewDevice",
            UserAgent.Describe(context.Request.Headers.UserAgent),
            context.Connection.RemoteIpAddress?.ToString() ?? "–",
            Notices.When(time.GetUtcNow())));
    }
}
