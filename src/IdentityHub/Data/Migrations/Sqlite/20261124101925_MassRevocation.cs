using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Sqlite
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
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "mass_revocations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    before = table.Column<long>(type: "INTEGER", nullable: false),
                    client_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    initiator = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expected = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    sessions = table.Column<long>(type: "INTEGER", nullable: false),
                    people = table.Column<long>(type: "INTEGER", nullable: false),
                    deliveries = table.Column<long>(type: "INTEGER", nullable: false),
                    cursor_user = table.Column<Guid>(type: "TEXT", nullable: false),
                    cursor_session = table.Column<Guid>(type: "TEXT", nullable: false),
                    cursor_subject = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    finished_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mass_revocations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "session_cutoffs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    before = table.Column<long>(type: "INTEGER", nullable: false),
                    grants_before = table.Column<DateTime>(type: "TEXT", nullable: false),
                    client_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true)
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
