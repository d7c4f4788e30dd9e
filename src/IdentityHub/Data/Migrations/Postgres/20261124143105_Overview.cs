using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Postgres
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
                    hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sign_ins = table.Column<int>(type: "integer", nullable: false),
                    revocations = table.Column<int>(type: "integer", nullable: false),
                    sessions_ended = table.Column<int>(type: "integer", nullable: false),
                    p50 = table.Column<int>(type: "integer", nullable: true),
                    p95 = table.Column<int>(type: "integer", nullable: true),
                    p99 = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_overview_hours", x => x.hour);
                });

            migrationBuilder.CreateTable(
                name: "overview_now",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    pace_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    wanted_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    live_sessions = table.Column<long>(type: "bigint", nullable: false),
                    parties = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_overview_now", x => x.id);
                });

            migrationBuilder.InsertData(
                table: "overview_now",
                columns: new[] { "id", "at", "leased_until", "live_sessions", "pace_at", "parties", "wanted_until" },
                values: new object[] { 1, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), 0L, new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), "[]", new DateTimeOffset(new DateTime(1970, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)) });
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
