using System.Data.Common;
using System.Globalization;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>What the hub has written down about one relying party and one session that ended.</summary>
internal sealed record DeliveryRow(string State, int Attempts, int? LastStatus, string? LastOutcome)
{
    public static async Task<DeliveryRow> ReadOneAsync(DbDataReader rows)
    {
        if (!await rows.ReadAsync())
        {
            throw new InvalidOperationException("There is no delivery for this session and relying party.");
        }

        var row = new DeliveryRow(
            rows.GetString(0),
            rows.GetInt32(1),
            rows.IsDBNull(2) ? null : Convert.ToInt32(rows.GetValue(2), CultureInfo.InvariantCulture),
            rows.IsDBNull(3) ? null : rows.GetString(3));
        return await rows.ReadAsync() ? throw new InvalidOperationException("There are two deliveries for one session and relying party.") : row;
    }
}
