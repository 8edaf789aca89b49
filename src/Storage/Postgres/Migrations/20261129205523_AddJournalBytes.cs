using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddJournalBytes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "containers",
                table: "workers",
                type: "text",
                nullable: true,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<long>(
                name: "journal_bytes",
                table: "instances",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "containers",
                table: "workers");

            migrationBuilder.DropColumn(
                name: "journal_bytes",
                table: "instances");
        }
    }
}
