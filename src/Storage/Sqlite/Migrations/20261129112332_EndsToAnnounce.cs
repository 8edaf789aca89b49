using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class EndsToAnnounce : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_end_announced",
                table: "instances",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            // What ended before is no news; what lives is announced when it ends.
            migrationBuilder.Sql("UPDATE instances SET is_end_announced = false WHERE ended_at IS NULL;");

            migrationBuilder.CreateIndex(
                name: "ended_instances_to_announce",
                table: "instances",
                column: "episode_id",
                filter: "ended_at IS NOT NULL AND NOT is_end_announced");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ended_instances_to_announce",
                table: "instances");

            migrationBuilder.DropColumn(
                name: "is_end_announced",
                table: "instances");
        }
    }
}
