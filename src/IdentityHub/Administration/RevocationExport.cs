using System.Globalization;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary>One revocation as a line of a file: CSV (RFC 4180) or JSON Lines. Pure.</summary>
internal static class RevocationExport
{
    public const string Header = "id,at,reason,initiator,person,sessions,deliveries,confirmed,waiting,refused,unconfirmed,mass_revocation";

    public static readonly ExportFile<ListedRevocation> File = new(Header, Csv, Json);

    public static string Csv(ListedRevocation r) => CsvLine.Of(new object?[]
    {
        r.Id, At(r), r.Reason.Wire(), r.Initiator, r.UserId, r.Sessions, r.Deliveries, r.Confirmed, r.Waiting, r.Refused, r.Unconfirmed, r.MassRevocationId,
    }.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));

    /// <summary>The same as a value that serialises to one object.</summary>
    public static IReadOnlyDictionary<string, object?> Json(ListedRevocation r) => new Dictionary<string, object?>
    {
        ["id"] = r.Id,
        ["at"] = At(r),
        ["reason"] = r.Reason.Wire(),
        ["initiator"] = r.Initiator,
        ["person"] = r.UserId,
        ["sessions"] = r.Sessions,
        ["deliveries"] = r.Deliveries,
        ["confirmed"] = r.Confirmed,
        ["waiting"] = r.Waiting,
        ["refused"] = r.Refused,
        ["unconfirmed"] = r.Unconfirmed,
        ["mass_revocation"] = r.MassRevocationId,
    };

    private static string At(ListedRevocation r) => r.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
