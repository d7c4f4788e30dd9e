using Npgsql;
using Xunit;

namespace IdentityHub.Tests.Testing;

public sealed class PostgresServerTests(SharedServers servers)
{
    [Fact]
    public async Task Each_database_is_empty_and_its_own()
    {
        var postgres = await servers.PostgresAsync();
        var first = await postgres.CreateDatabaseAsync();
        var second = await postgres.CreateDatabaseAsync();

        await ExecuteAsync(first, "CREATE TABLE seen (id int)");

        Assert.Equal(1L, await CountTablesAsync(first));
        Assert.Equal(0L, await CountTablesAsync(second));
    }

    [Fact]
    public async Task A_template_is_filled_once_and_copied_with_its_rows()
    {
        var postgres = await servers.PostgresAsync();
        var filled = 0;
        Task<string> Template() => postgres.UseTemplateAsync("filled_once", async database =>
        {
            Interlocked.Increment(ref filled);
            await ExecuteAsync(database, "CREATE TABLE seen (id int); INSERT INTO seen VALUES (42)");
        });

        var first = await postgres.CreateDatabaseAsync(await Template());
        var second = await postgres.CreateDatabaseAsync(await Template());
        await ExecuteAsync(first, "UPDATE seen SET id = 0");

        Assert.Equal(1, filled);
        Assert.Equal(42, await ScalarAsync(second, "SELECT id FROM seen"));
    }

    [Fact]
    public async Task A_durable_server_keeps_what_it_confirmed_through_a_kill()
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE seen (id int); INSERT INTO seen VALUES (1)");

        await postgres.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database, "SELECT 1"));
        await postgres.StartAgainAsync();

        Assert.Equal(1, await ScalarAsync(database, "SELECT id FROM seen"));
        Assert.Equal("on", await ScalarAsync(database, "SHOW fsync"));
    }

    private static Task<object?> CountTablesAsync(string database) =>
        ScalarAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");

    private static Task ExecuteAsync(string database, string sql) => ScalarAsync(database, sql);

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
