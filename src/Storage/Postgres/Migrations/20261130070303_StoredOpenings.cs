using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
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
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "opening_ranges",
                table: "journal",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "openings",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
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

            // Keeps the retention from removing an opening that a Create names at this moment. Of the rows before none names one, so they are not looked
            // at. SQLite needs no such rule: it has one writer.
            migrationBuilder.Sql("ALTER TABLE journal ADD CONSTRAINT journal_opening FOREIGN KEY (opening_hash) REFERENCES openings (hash) NOT VALID;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE journal DROP CONSTRAINT journal_opening;");

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
