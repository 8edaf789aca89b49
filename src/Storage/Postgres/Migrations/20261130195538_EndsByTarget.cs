using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class EndsByTarget : Migration
    {
        /// <summary>On the one partition that it is of; the model knows of no partitions.</summary>
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("CREATE INDEX ends_without_episode_by_target ON journal_without_episode (tenant, target, recorded_at) WHERE kind <> 1;");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX ends_without_episode_by_target;");
    }
}
