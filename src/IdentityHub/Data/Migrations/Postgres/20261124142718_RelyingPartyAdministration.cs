using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class RelyingPartyAdministration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "synthetic",
                table: "users",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "disabled_at",
                table: "relying_parties",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "previous_secret",
                table: "relying_parties",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "previous_secret_until",
                table: "relying_parties",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "test_uri",
                table: "relying_parties",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "logout_proofs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    client_id = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    initiator = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    steps = table.Column<string>(type: "text", nullable: false),
                    revocation_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logout_proofs", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_revocations_initiator_id",
                table: "revocations",
                columns: new[] { "initiator", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_revocations_reason_id",
                table: "revocations",
                columns: new[] { "reason", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_client_id_revocation_id",
                table: "logout_deliveries",
                columns: new[] { "client_id", "revocation_id" });

            migrationBuilder.CreateIndex(
                name: "ix_logout_proofs_client_id_id",
                table: "logout_proofs",
                columns: new[] { "client_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "logout_proofs");

            migrationBuilder.DropIndex(
                name: "ix_revocations_initiator_id",
                table: "revocations");

            migrationBuilder.DropIndex(
                name: "ix_revocations_reason_id",
                table: "revocations");

            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_client_id_revocation_id",
                table: "logout_deliveries");

            migrationBuilder.DropColumn(
                name: "synthetic",
                table: "users");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "previous_secret",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "previous_secret_until",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "test_uri",
                table: "relying_parties");
        }
    }
}
