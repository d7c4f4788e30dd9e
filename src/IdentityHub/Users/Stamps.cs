using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore.Query;

namespace IdentityHub.Users;

/// <summary>
/// The marks by which ASP.NET Core Identity tells one state of an account from the next. Whoever changes how a person
/// proves who they are gives the account new ones: a sign-in that was checked against the old ones is refused.
/// </summary>
internal static class Stamps
{
    public static string New() => RandomNumberGenerator.GetHexString(32);

    public static UpdateSettersBuilder<User> SetNewStamps(this UpdateSettersBuilder<User> user)
    {
        var (security, concurrency) = (New(), New());
        return user.SetProperty(u => u.SecurityStamp, security).SetProperty(u => u.ConcurrencyStamp, concurrency);
    }
}
