using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Postgres
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
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "withdrawal",
                table: "logout_deliveries",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_used_at",
                table: "consents",
                type: "timestamp with time zone",
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
