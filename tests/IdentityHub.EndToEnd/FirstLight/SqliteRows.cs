using Microsoft.Data.Sqlite;

namespace IdentityHub.EndToEnd.FirstLight;

internal sealed class SqliteRows(string dataFolder) : IRows
{
    public async Task<DeliveryRow> DeliveryAsync(string sid, string clientId)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(dataFolder, "hub.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await using var query = database.CreateCommand();
        query.CommandText = "SELECT state, attempts, last_status, last_outcome FROM logout_deliveries WHERE sid = $sid AND client_id = $client";
        query.Parameters.AddWithValue("$sid", sid);
        query.Parameters.AddWithValue("$client", clientId);
        await using var row = await query.ExecuteReaderAsync();
        return await DeliveryRow.ReadOneAsync(row);
    }
}
