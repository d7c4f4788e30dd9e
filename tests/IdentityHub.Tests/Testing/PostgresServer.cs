using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Testcontainers.PostgreSql;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// A throwaway PostgreSQL. Each test takes a database of its own from it, so no test sees another's rows; a database
/// that was migrated once is copied as a template, which takes a few hundredths of a second.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _templates = new();
    private readonly IServerHost _host;

    private PostgresServer(IServerHost host, int port)
    {
        _host = host;
        Port = port;
    }

    public int Port { get; }

    /// <param name="durable">Keeps its promises through <see cref="KillAsync"/>; for fault tests. Slower.</param>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var port = FreePorts.Next();
        var server = new PostgresServer(ContainerHost.EngineAnswers ? Container(port) : new LocalPostgres(port, durable), port);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty database, or a copy of a template made by <see cref="UseTemplateAsync"/>.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        var name = $"test_{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return ConnectionString(name);
    }

    /// <summary>Makes a template once per server; <paramref name="fill"/> gets its connection string.</summary>
    public async Task<string> UseTemplateAsync(string name, Func<string, Task> fill)
    {
        await _templates.GetOrAdd(name, _ => new Lazy<Task>(async () =>
        {
            await ExecuteAsync($"CREATE DATABASE {name}");
            // No pool: a database that somebody is connected to cannot be copied.
            await fill(ConnectionString(name) + ";Pooling=false");
        })).Value;
        return name;
    }

    public Task<string> LogAsync() => _host.LogAsync();

    /// <summary>SIGKILL to the server and all its processes.</summary>
    public Task KillAsync() => _host.KillAsync();

    /// <summary>The same data on the same port, ready when this returns.</summary>
    public async Task StartAgainAsync()
    {
        await _host.StartAsync(AnswersAsync);
        // Pooled connections to the killed server would fail once each.
        NpgsqlConnection.ClearAllPools();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static ContainerHost Container(int port) => new(new PostgreSqlBuilder("postgres:17-alpine")
        .WithUsername("postgres")
        .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "trust")
        .WithPortBinding(port, PostgreSqlBuilder.PostgreSqlPort)
        .WithCommand("-c", "max_connections=300")
        .Build());

    private string ConnectionString(string database) => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Maximum Pool Size=40;Include Error Detail=true");

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
