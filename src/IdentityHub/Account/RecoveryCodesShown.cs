using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Account;

/// <summary>
/// The answer to the form that made recovery codes: the codes, the one time they can be shown, and what ended. No
/// redirect: the codes would have to be kept for it. A reload sends the form again, and that is refused.
/// </summary>
internal static class RecoveryCodesShown
{
    public static async Task<IResult> OnceAsync(HttpContext context, Endings endings, NewRecoveryCodes made, bool endedThis)
    {
        var address = await endings.AddressAsync(context, made.Ended, endedThis);
        return new RazorComponentResult<RecoveryCodesPage>(new { made.Codes, made.Ended.Sessions, Outcome = address, SignedIn = !endedThis });
    }
}
