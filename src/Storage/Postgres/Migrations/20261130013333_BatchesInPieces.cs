using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class BatchesInPieces : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "entering_at",
                table: "batches",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "split",
                table: "batches",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "entering_at",
                table: "batches");

            migrationBuilder.DropColumn(
                name: "split",
                table: "batches");
        }
    }
}
