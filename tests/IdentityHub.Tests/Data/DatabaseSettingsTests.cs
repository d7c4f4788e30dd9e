using IdentityHub.Data;
using Npgsql;
using Xunit;

namespace IdentityHub.Tests.Data;

public sealed class DatabaseSettingsTests
{
    [Fact]
    public void Statements_are_prepared_and_connections_are_not_reset()
    {
        var connection = new NpgsqlConnectionStringBuilder(DatabaseSettings.Postgres("Host=db;Database=hub;Username=hub"));

        Assert.Equal((true, 100), (connection.NoResetOnClose, connection.MaxAutoPrepare));
    }

    [Theory] // a pooler in transaction mode may want both
    [InlineData("No Reset On Close=false;Max Auto Prepare=0", false, 0)]
    [InlineData("no reset on close=false", false, 100)]
    [InlineData("MAX AUTO PREPARE=7", true, 7)]
    public void What_the_connection_string_says_stands(string said, bool noReset, int prepared)
    {
        var connection = new NpgsqlConnectionStringBuilder(DatabaseSettings.Postgres($"Host=db;Database=hub;Username=hub;{said}"));

        Assert.Equal((noReset, prepared), (connection.NoResetOnClose, connection.MaxAutoPrepare));
    }
}
