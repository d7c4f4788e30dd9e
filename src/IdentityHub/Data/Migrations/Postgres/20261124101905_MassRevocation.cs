using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class MassRevocation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "mass_revocation_id",
                table: "revocations",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "mass_revocations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    client_id = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    initiator = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expected = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    sessions = table.Column<long>(type: "bigint", nullable: false),
                    people = table.Column<long>(type: "bigint", nullable: false),
                    deliveries = table.Column<long>(type: "bigint", nullable: false),
                    cursor_user = table.Column<Guid>(type: "uuid", nullable: false),
                    cursor_session = table.Column<Guid>(type: "uuid", nullable: false),
                    cursor_subject = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mass_revocations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "session_cutoffs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    grants_before = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    client_id = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_cutoffs", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_revocations_mass_revocation_id_id",
                table: "revocations",
                columns: new[] { "mass_revocation_id", "id" },
                filter: "mass_revocation_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_mass_revocations_open",
                table: "mass_revocations",
                column: "id",
                filter: "state IN ('EndingSessions', 'RevokingGrants', 'Finished')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "mass_revocations");

            migrationBuilder.DropTable(
                name: "session_cutoffs");

            migrationBuilder.DropIndex(
                name: "ix_revocations_mass_revocation_id_id",
                table: "revocations");

            migrationBuilder.DropColumn(
                name: "mass_revocation_id",
                table: "revocations");
        }
    }
}
