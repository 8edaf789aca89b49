using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    tenant = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    batch_id = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    name = table.Column<string>(type: "text", nullable: true),
                    env_type = table.Column<string>(type: "text", nullable: false),
                    is_hidden = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    pause_reason = table.Column<string>(type: "text", nullable: true),
                    items = table.Column<int>(type: "integer", nullable: false),
                    completed = table.Column<int>(type: "integer", nullable: false),
                    rejected = table.Column<int>(type: "integer", nullable: false),
                    expired = table.Column<int>(type: "integer", nullable: false),
                    cancelled = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    concurrency = table.Column<int>(type: "integer", nullable: false),
                    endpoint_concurrency = table.Column<int>(type: "integer", nullable: true),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    repeats = table.Column<int>(type: "integer", nullable: false),
                    policy = table.Column<byte[]>(type: "bytea", nullable: false),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    needs_key = table.Column<bool>(type: "boolean", nullable: false),
                    @params = table.Column<byte[]>(name: "params", type: "bytea", nullable: false),
                    content_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    refusals = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    deadline_at = table.Column<long>(type: "bigint", nullable: true),
                    closed_at = table.Column<long>(type: "bigint", nullable: true),
                    is_state_announced = table.Column<bool>(type: "boolean", nullable: false)
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
                    tenant = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secrets", x => new { x.tenant, x.name });
                });

            migrationBuilder.CreateTable(
                name: "rollouts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    batch = table.Column<long>(type: "bigint", nullable: false),
                    tenant = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    rollout_id = table.Column<string>(type: "character varying(220)", maxLength: 220, nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    task_id = table.Column<string>(type: "text", nullable: false),
                    member = table.Column<int>(type: "integer", nullable: false),
                    @params = table.Column<byte[]>(name: "params", type: "bytea", nullable: true),
                    policy = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    endpoint = table.Column<string>(type: "text", nullable: true),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    earlier_attempts = table.Column<string>(type: "text", nullable: true),
                    refusals = table.Column<int>(type: "integer", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    claim = table.Column<int>(type: "integer", nullable: false),
                    is_cancelled = table.Column<bool>(type: "boolean", nullable: false),
                    began_at = table.Column<long>(type: "bigint", nullable: true),
                    end = table.Column<int>(type: "integer", nullable: true),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    reward = table.Column<double>(type: "double precision", nullable: true),
                    valid = table.Column<bool>(type: "boolean", nullable: false),
                    trainable = table.Column<bool>(type: "boolean", nullable: false),
                    retryable = table.Column<bool>(type: "boolean", nullable: false),
                    cause = table.Column<int>(type: "integer", nullable: true),
                    end_reason = table.Column<string>(type: "text", nullable: true),
                    truncated = table.Column<bool>(type: "boolean", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: true),
                    steps = table.Column<int>(type: "integer", nullable: false),
                    result = table.Column<string>(type: "text", nullable: true)
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
                    rollout = table.Column<long>(type: "bigint", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    action = table.Column<byte[]>(type: "bytea", nullable: true),
                    answer = table.Column<byte[]>(type: "bytea", nullable: false),
                    stop_reason = table.Column<string>(type: "text", nullable: true),
                    decided_at = table.Column<long>(type: "bigint", nullable: false)
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
