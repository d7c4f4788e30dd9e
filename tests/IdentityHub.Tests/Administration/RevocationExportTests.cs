using IdentityHub.Administration;
using IdentityHub.Revocation;
using Xunit;

namespace IdentityHub.Tests.Administration;

public sealed class RevocationExportTests
{
    [Theory]
    [InlineData("notes", "notes")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(1,2)", "\"'@SUM(1,2)\"")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    public void A_cell_is_text_whatever_is_in_it(string value, string cell) => Assert.Equal(cell, CsvLine.Cell(value));

    [Fact]
    public void A_line_has_a_cell_for_each_name()
    {
        var row = new ListedRevocation(Guid.Empty, DateTimeOffset.UnixEpoch, RevocationReason.PasswordReset, "client:=1", Guid.Empty, 1, 2, null) { Confirmed = 2 };

        Assert.Equal(RevocationExport.Header.Split(','), RevocationExport.Json(row).Keys);
        Assert.Equal(
            $"{Guid.Empty},1970-01-01T00:00:00.000Z,password_reset,client:=1,{Guid.Empty},1,2,2,0,0,0,",
            RevocationExport.Csv(row));
    }
}
