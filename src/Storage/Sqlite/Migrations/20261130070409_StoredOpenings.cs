using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class StoredOpenings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "opening_hash",
                table: "journal",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "opening_ranges",
                table: "journal",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "openings",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    content = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_openings", x => x.hash);
                });

            migrationBuilder.CreateIndex(
                name: "entries_by_opening",
                table: "journal",
                column: "opening_hash",
                filter: "opening_hash IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "openings");

            migrationBuilder.DropIndex(
                name: "entries_by_opening",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "opening_hash",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "opening_ranges",
                table: "journal");
        }
    }
}
