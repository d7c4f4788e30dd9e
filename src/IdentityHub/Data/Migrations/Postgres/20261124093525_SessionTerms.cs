using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class SessionTerms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "absolute_timeout",
                table: "user_sessions",
                type: "integer",
                nullable: false,
                defaultValue: 86400);

            migrationBuilder.AddColumn<int>(
                name: "idle_timeout",
                table: "user_sessions",
                type: "integer",
                nullable: false,
                defaultValue: 3600);

            migrationBuilder.AddColumn<bool>(
                name: "remembered",
                table: "user_sessions",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "absolute_timeout",
                table: "user_sessions");

            migrationBuilder.DropColumn(
                name: "idle_timeout",
                table: "user_sessions");

            migrationBuilder.DropColumn(
                name: "remembered",
                table: "user_sessions");
        }
    }
}
