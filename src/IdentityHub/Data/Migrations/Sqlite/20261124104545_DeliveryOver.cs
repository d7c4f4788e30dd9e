using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DeliveryOver : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What is settled owes no attempt: from here on the column says so. A migration of its own, because SQLite
            // makes the table anew to let the column be empty.
            migrationBuilder.Sql("UPDATE logout_deliveries SET next_attempt_at = NULL WHERE state <> 'Pending'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("UPDATE logout_deliveries SET next_attempt_at = created_at WHERE next_attempt_at IS NULL");
    }
}
