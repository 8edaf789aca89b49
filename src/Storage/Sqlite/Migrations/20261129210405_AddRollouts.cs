using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AddRollouts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "batches",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    batch_id = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: true),
                    env_type = table.Column<string>(type: "TEXT", nullable: false),
                    is_hidden = table.Column<bool>(type: "INTEGER", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    pause_reason = table.Column<string>(type: "TEXT", nullable: true),
                    items = table.Column<int>(type: "INTEGER", nullable: false),
                    completed = table.Column<int>(type: "INTEGER", nullable: false),
                    rejected = table.Column<int>(type: "INTEGER", nullable: false),
                    expired = table.Column<int>(type: "INTEGER", nullable: false),
                    cancelled = table.Column<int>(type: "INTEGER", nullable: false),
                    failed = table.Column<int>(type: "INTEGER", nullable: false),
                    concurrency = table.Column<int>(type: "INTEGER", nullable: false),
                    endpoint_concurrency = table.Column<int>(type: "INTEGER", nullable: true),
                    priority = table.Column<int>(type: "INTEGER", nullable: false),
                    repeats = table.Column<int>(type: "INTEGER", nullable: false),
                    policy = table.Column<byte[]>(type: "BLOB", nullable: false),
                    sealed_key = table.Column<byte[]>(type: "BLOB", nullable: true),
                    needs_key = table.Column<bool>(type: "INTEGER", nullable: false),
                    @params = table.Column<byte[]>(name: "params", type: "BLOB", nullable: false),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    refusals = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    deadline_at = table.Column<long>(type: "INTEGER", nullable: true),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    is_state_announced = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batches", x => x.id);
                    table.CheckConstraint("closed_batches_balance", "closed_at IS NULL OR items = completed + rejected + expired + cancelled + failed");
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "BLOB", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secrets", x => new { x.tenant, x.name });
                });

            migrationBuilder.CreateTable(
                name: "rollouts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    batch = table.Column<long>(type: "INTEGER", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    rollout_id = table.Column<string>(type: "TEXT", maxLength: 220, nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    task_id = table.Column<string>(type: "TEXT", nullable: false),
                    member = table.Column<int>(type: "INTEGER", nullable: false),
                    @params = table.Column<byte[]>(name: "params", type: "BLOB", nullable: true),
                    policy = table.Column<byte[]>(type: "BLOB", nullable: true),
                    sealed_key = table.Column<byte[]>(type: "BLOB", nullable: true),
                    endpoint = table.Column<string>(type: "TEXT", nullable: true),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    earlier_attempts = table.Column<string>(type: "TEXT", nullable: true),
                    refusals = table.Column<int>(type: "INTEGER", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    claim = table.Column<int>(type: "INTEGER", nullable: false),
                    is_cancelled = table.Column<bool>(type: "INTEGER", nullable: false),
                    began_at = table.Column<long>(type: "INTEGER", nullable: true),
                    end = table.Column<int>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reward = table.Column<double>(type: "REAL", nullable: true),
                    valid = table.Column<bool>(type: "INTEGER", nullable: false),
                    trainable = table.Column<bool>(type: "INTEGER", nullable: false),
                    retryable = table.Column<bool>(type: "INTEGER", nullable: false),
                    cause = table.Column<int>(type: "INTEGER", nullable: true),
                    end_reason = table.Column<string>(type: "TEXT", nullable: true),
                    truncated = table.Column<bool>(type: "INTEGER", nullable: false),
                    detail = table.Column<string>(type: "TEXT", nullable: true),
                    steps = table.Column<int>(type: "INTEGER", nullable: false),
                    result = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollouts", x => x.id);
                    table.ForeignKey(
                        name: "FK_rollouts_batches_batch",
                        column: x => x.batch,
                        principalTable: "batches",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "rollout_turns",
                columns: table => new
                {
                    rollout = table.Column<long>(type: "INTEGER", nullable: false),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    action = table.Column<byte[]>(type: "BLOB", nullable: true),
                    answer = table.Column<byte[]>(type: "BLOB", nullable: false),
                    stop_reason = table.Column<string>(type: "TEXT", nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollout_turns", x => new { x.rollout, x.attempt, x.number });
                    table.ForeignKey(
                        name: "FK_rollout_turns_rollouts_rollout",
                        column: x => x.rollout,
                        principalTable: "rollouts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "batches_of_tenant",
                table: "batches",
                columns: new[] { "tenant", "id" });

            migrationBuilder.CreateIndex(
                name: "batches_to_announce",
                table: "batches",
                column: "id",
                filter: "NOT is_state_announced");

            migrationBuilder.CreateIndex(
                name: "one_batch_per_id",
                table: "batches",
                columns: new[] { "tenant", "batch_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "open_batches",
                table: "batches",
                column: "id",
                filter: "closed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ended_rollouts_by_time",
                table: "rollouts",
                columns: new[] { "batch", "ended_at", "id" },
                filter: "ended_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "one_rollout_per_id",
                table: "rollouts",
                columns: new[] { "tenant", "rollout_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "one_rollout_per_number",
                table: "rollouts",
                columns: new[] { "batch", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "rollouts_by_end",
                table: "rollouts",
                columns: new[] { "batch", "end" });

            migrationBuilder.CreateIndex(
                name: "running_rollouts_by_batch",
                table: "rollouts",
                columns: new[] { "batch", "owner" },
                filter: "\"end\" IS NULL AND owner IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "running_rollouts_by_owner",
                table: "rollouts",
                columns: new[] { "owner", "batch" },
                filter: "\"end\" IS NULL AND owner IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "waiting_rollouts",
                table: "rollouts",
                columns: new[] { "batch", "number" },
                filter: "\"end\" IS NULL AND owner IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rollout_turns");

            migrationBuilder.DropTable(
                name: "secrets");

            migrationBuilder.DropTable(
                name: "rollouts");

            migrationBuilder.DropTable(
                name: "batches");
        }
    }
}
