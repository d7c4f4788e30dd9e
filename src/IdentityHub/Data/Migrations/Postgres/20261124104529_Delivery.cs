using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Postgres
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
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "front_channel_logout_uri",
                table: "relying_parties",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "give_up_after",
                table: "relying_parties",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "trace_parent",
                table: "outbox_messages",
                type: "character varying(55)",
                maxLength: 55,
                nullable: true);

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "next_attempt_at",
                table: "logout_deliveries",
                type: "timestamp with time zone",
                nullable: true,
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ring_again_at",
                table: "logout_deliveries",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "trace_parent",
                table: "logout_deliveries",
                type: "character varying(55)",
                maxLength: 55,
                nullable: true);

            // What is settled owes no attempt: from here on the column says so.
            migrationBuilder.Sql("UPDATE logout_deliveries SET next_attempt_at = NULL WHERE state <> 'Pending'");

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

            migrationBuilder.AlterColumn<DateTimeOffset>(
                name: "next_attempt_at",
                table: "logout_deliveries",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)),
                oldClrType: typeof(DateTimeOffset),
                oldType: "timestamp with time zone",
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_logout_deliveries_due",
                table: "logout_deliveries",
                columns: new[] { "client_id", "next_attempt_at" },
                filter: "state = 'Pending'");
        }
    }
}
