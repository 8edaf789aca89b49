using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "instances",
                columns: table => new
                {
                    episode_id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    caller = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    instance_id = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    env_type = table.Column<string>(type: "TEXT", nullable: false),
                    task_id = table.Column<string>(type: "TEXT", nullable: false),
                    @params = table.Column<byte[]>(name: "params", type: "BLOB", nullable: false),
                    sandbox_id = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_step = table.Column<int>(type: "INTEGER", nullable: false),
                    max_steps = table.Column<int>(type: "INTEGER", nullable: true),
                    end_reason = table.Column<string>(type: "TEXT", nullable: true),
                    image_digest = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    end_detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instances", x => x.episode_id);
                });

            migrationBuilder.CreateTable(
                name: "journal",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    caller = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    command_id = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    episode_id = table.Column<long>(type: "INTEGER", nullable: true),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    step = table.Column<int>(type: "INTEGER", nullable: true),
                    end = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<int>(type: "INTEGER", nullable: false),
                    cause = table.Column<int>(type: "INTEGER", nullable: true),
                    detail = table.Column<string>(type: "TEXT", nullable: true),
                    action = table.Column<byte[]>(type: "BLOB", nullable: false),
                    @params = table.Column<byte[]>(name: "params", type: "BLOB", nullable: false),
                    answer = table.Column<byte[]>(type: "BLOB", nullable: false),
                    observation_hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    reward = table.Column<double>(type: "REAL", nullable: true),
                    terminated = table.Column<bool>(type: "INTEGER", nullable: false),
                    environment_ms = table.Column<double>(type: "REAL", nullable: false),
                    worker = table.Column<string>(type: "TEXT", nullable: true),
                    epoch = table.Column<int>(type: "INTEGER", nullable: false),
                    recorded_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workers",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    host = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<string>(type: "TEXT", nullable: false),
                    contract = table.Column<int>(type: "INTEGER", nullable: false),
                    environments = table.Column<string>(type: "TEXT", nullable: false),
                    room = table.Column<int>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workers", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "IX_instances_caller_instance_id_episode_id",
                table: "instances",
                columns: new[] { "caller", "instance_id", "episode_id" });

            migrationBuilder.CreateIndex(
                name: "living_instances_by_owner",
                table: "instances",
                column: "owner",
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "living_instances_by_sandbox",
                table: "instances",
                columns: new[] { "caller", "sandbox_id" },
                filter: "ended_at IS NULL AND sandbox_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "one_living_instance_per_id",
                table: "instances",
                columns: new[] { "caller", "instance_id" },
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "one_end_per_command",
                table: "journal",
                columns: new[] { "caller", "command_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "one_entry_per_step",
                table: "journal",
                columns: new[] { "episode_id", "step" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "instances");

            migrationBuilder.DropTable(
                name: "journal");

            migrationBuilder.DropTable(
                name: "workers");
        }
    }
}
