using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ApplicationAccess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_session_id_client_id",
                table: "logout_deliveries");

            migrationBuilder.AddColumn<int>(
                name: "default_max_age",
                table: "relying_parties",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "withdrawal",
                table: "logout_deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "last_used_at",
                table: "consents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_session_id_client_id",
                table: "logout_deliveries",
                columns: new[] { "session_id", "client_id" },
                unique: true,
                filter: "NOT withdrawal");

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_withdrawals",
                table: "logout_deliveries",
                column: "session_id",
                filter: "withdrawal");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_session_id_client_id",
                table: "logout_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_withdrawals",
                table: "logout_deliveries");

            migrationBuilder.DropColumn(
                name: "default_max_age",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "withdrawal",
                table: "logout_deliveries");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "consents");

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_session_id_client_id",
                table: "logout_deliveries",
                columns: new[] { "session_id", "client_id" },
                unique: true);
        }
    }
}
