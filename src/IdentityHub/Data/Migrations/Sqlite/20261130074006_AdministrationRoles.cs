using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityHub.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AdministrationRoles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // An installation that has had an administrator has made that role itself, and keeps it.
            migrationBuilder.Sql(
                """
                INSERT INTO roles (id, name, normalized_name, concurrency_stamp) VALUES
                    ('01900000-0000-7000-8000-000000000000', 'viewer', 'VIEWER', 'viewer'),
                    ('01900000-0000-7000-8000-000000000001', 'operator', 'OPERATOR', 'operator'),
                    ('01900000-0000-7000-8000-000000000002', 'administrator', 'ADMINISTRATOR', 'administrator')
                ON CONFLICT DO NOTHING
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The version before makes what it needs, and takes what is there.
        }
    }
}
