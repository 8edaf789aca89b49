using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class EndsByTarget : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ends_without_episode_by_target",
                table: "journal",
                columns: new[] { "tenant", "target", "recorded_at" },
                filter: "episode_id IS NULL AND kind <> 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ends_without_episode_by_target",
                table: "journal");
        }
    }
}
