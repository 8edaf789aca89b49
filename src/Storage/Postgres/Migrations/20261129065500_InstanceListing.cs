using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class InstanceListing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "instances_of_tenant",
                table: "instances",
                columns: new[] { "tenant", "episode_id" });

            migrationBuilder.CreateIndex(
                name: "instances_of_tenant_by_environment",
                table: "instances",
                columns: new[] { "tenant", "env_type", "episode_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "instances_of_tenant",
                table: "instances");

            migrationBuilder.DropIndex(
                name: "instances_of_tenant_by_environment",
                table: "instances");
        }
    }
}
