using Npgsql;

namespace IdentityHub.EndToEnd.FirstLight;

internal sealed class PostgresRows(string connection) : IRows
{
    public async Task<DeliveryRow> DeliveryAsync(string sid, string clientId)
    {
        await using var database = new NpgsqlConnection(connection);
        await database.OpenAsync();
        await using var query = new NpgsqlCommand(
            "SELECT state, attempts, last_status, last_outcome FROM logout_deliveries WHERE sid = $1 AND client_id = $2", database)
        {
            Parameters = { new() { Value = sid }, new() { Value = clientId } },
        };
        await using var row = await query.ExecuteReaderAsync();
        return await DeliveryRow.ReadOneAsync(row);
    }
}
