using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Tenants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "room",
                table: "workers",
                newName: "free_slots");

            migrationBuilder.RenameColumn(
                name: "caller",
                table: "journal",
                newName: "tenant");

            migrationBuilder.RenameColumn(
                name: "caller",
                table: "instances",
                newName: "tenant");

            migrationBuilder.RenameIndex(
                name: "IX_instances_caller_instance_id_episode_id",
                table: "instances",
                newName: "IX_instances_tenant_instance_id_episode_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "free_slots",
                table: "workers",
                newName: "room");

            migrationBuilder.RenameColumn(
                name: "tenant",
                table: "journal",
                newName: "caller");

            migrationBuilder.RenameColumn(
                name: "tenant",
                table: "instances",
                newName: "caller");

            migrationBuilder.RenameIndex(
                name: "IX_instances_tenant_instance_id_episode_id",
                table: "instances",
                newName: "IX_instances_caller_instance_id_episode_id");
        }
    }
}
