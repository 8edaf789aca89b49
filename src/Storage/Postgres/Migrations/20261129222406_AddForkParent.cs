using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddForkParent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "parent_episode",
                table: "instances",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "parent_step",
                table: "instances",
                type: "integer",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "parent_episode",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "parent_step",
                table: "instances");
        }
    }
}
