using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Delivery : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_due",
                table: "logout_deliveries");

            migrationBuilder.AddColumn<bool>(
                name: "front_channel_logout_session_required",
                table: "relying_parties",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "front_channel_logout_uri",
                table: "relying_parties",
                type: "TEXT",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "give_up_after",
                table: "relying_parties",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "trace_parent",
                table: "outbox_messages",
                type: "TEXT",
                maxLength: 55,
                nullable: true);

            migrationBuilder.AlterColumn<long>(
                name: "next_attempt_at",
                table: "logout_deliveries",
                type: "INTEGER",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "INTEGER");

            migrationBuilder.AddColumn<long>(
                name: "ring_again_at",
                table: "logout_deliveries",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "trace_parent",
                table: "logout_deliveries",
                type: "TEXT",
                maxLength: 55,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_due",
                table: "logout_deliveries",
                columns: new[] { "client_id", "next_attempt_at" },
                filter: "next_attempt_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_unanswered",
                table: "logout_deliveries",
                columns: new[] { "client_id", "settled_at" },
                filter: "state IN ('Rejected', 'Unconfirmed')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_due",
                table: "logout_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_logout_deliveries_unanswered",
                table: "logout_deliveries");

            migrationBuilder.DropColumn(
                name: "front_channel_logout_session_required",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "front_channel_logout_uri",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "give_up_after",
                table: "relying_parties");

            migrationBuilder.DropColumn(
                name: "trace_parent",
                table: "outbox_messages");

            migrationBuilder.DropColumn(
                name: "ring_again_at",
                table: "logout_deliveries");

            migrationBuilder.DropColumn(
                name: "trace_parent",
                table: "logout_deliveries");

            migrationBuilder.AlterColumn<long>(
                name: "next_attempt_at",
                table: "logout_deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "INTEGER",
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_due",
                table: "logout_deliveries",
                columns: new[] { "client_id", "next_attempt_at" },
                filter: "state = 'Pending'");
        }
    }
}
