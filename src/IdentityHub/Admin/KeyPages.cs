using System.Globalization;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Keys;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityHub.Admin;

/// <summary><c>/admin/keys</c>: which keys there are, and making their successors before it is time.</summary>
internal static class KeyPages
{
    public const string RotatePath = $"{AdminPaths.Keys}/rotate";

    public static async Task<RazorComponentResult<KeysPage>> Get([FromQuery] int? made, CurrentAdministrator administrator, SigningKeys keys, CancellationToken cancel) =>
        new(new { List = (object)await keys.ListAsync(cancel), May = administrator.Can(Capability.RotateKeys), Made = made });

    public static RazorComponentResult<RotateKeysPage> GetRotate(IOptions<KeyOptions> options) =>
        new(new { Ahead = Words(options.Value.PublishAhead), Kept = Words(options.Value.KeepRetired) });

    public static async Task<SeeOther> Rotate(CurrentAdministrator administrator, SigningKeys keys, CancellationToken cancel)
    {
        var made = await keys.RotateAsync(Initiator.Administrator(administrator.UserId), cancel);
        return SeeOther.To(string.Create(CultureInfo.InvariantCulture, $"{AdminPaths.Keys}?made={made.Count}"));
    }

    private static string Words(TimeSpan span) => span >= TimeSpan.FromDays(2) ? PartiesTexts.InDays.Count((int)span.TotalDays) : PartiesTexts.OverlapHours.Count((int)Math.Ceiling(span.TotalHours));
}
