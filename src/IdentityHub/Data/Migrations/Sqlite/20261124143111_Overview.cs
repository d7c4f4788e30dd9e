using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Overview : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "overview_hours",
                columns: table => new
                {
                    hour = table.Column<long>(type: "INTEGER", nullable: false),
                    sign_ins = table.Column<int>(type: "INTEGER", nullable: false),
                    revocations = table.Column<int>(type: "INTEGER", nullable: false),
                    sessions_ended = table.Column<int>(type: "INTEGER", nullable: false),
                    p50 = table.Column<int>(type: "INTEGER", nullable: true),
                    p95 = table.Column<int>(type: "INTEGER", nullable: true),
                    p99 = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_overview_hours", x => x.hour);
                });

            migrationBuilder.CreateTable(
                name: "overview_now",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    pace_at = table.Column<long>(type: "INTEGER", nullable: false),
                    wanted_until = table.Column<long>(type: "INTEGER", nullable: false),
                    leased_until = table.Column<long>(type: "INTEGER", nullable: false),
                    live_sessions = table.Column<long>(type: "INTEGER", nullable: false),
                    parties = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_overview_now", x => x.id);
                });

            migrationBuilder.InsertData(
                table: "overview_now",
                columns: new[] { "id", "at", "leased_until", "live_sessions", "pace_at", "parties", "wanted_until" },
                values: new object[] { 1, 0L, 0L, 0L, 0L, "[]", 0L });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "overview_hours");

            migrationBuilder.DropTable(
                name: "overview_now");
        }
    }
}
