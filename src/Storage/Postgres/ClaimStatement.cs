using Npgsql;
using NpgsqlTypes;
using SandQueue.Storage.Instances;

namespace SandQueue.Storage.Postgres;

/// <summary>The rows of many new instances by one statement: each column of all rows is one array. They are inserted in the order of their names, so that two workers never wait for each other.</summary>
internal static class ClaimStatement
{
    private const string Sql =
        """
        INSERT INTO instances (tenant, instance_id, env_type, task_id, params, sandbox_id, state, owner, epoch, attempts, recoveries, next_step, max_steps, image_digest,
            created_at, last_used_at, is_end_announced, parent_episode, parent_step)
        SELECT tenant, instance_id, env_type, task_id, params, sandbox_id, state, owner, epoch, attempts, 0, next_step, max_steps, image_digest, created_at, last_used_at, FALSE,
            parent_episode, parent_step
        FROM unnest(@tenant, @instance_id, @command_id, @env_type, @task_id, @params, @sandbox_id, @state, @owner, @epoch, @attempts, @next_step, @max_steps, @image_digest,
                @created_at, @last_used_at, @parent_episode, @parent_step)
            AS claim(tenant, instance_id, command_id, env_type, task_id, params, sandbox_id, state, owner, epoch, attempts, next_step, max_steps, image_digest,
                created_at, last_used_at, parent_episode, parent_step)
        WHERE command_id IS NULL OR NOT EXISTS (SELECT 1 FROM command_ids WHERE command_ids.tenant = claim.tenant AND command_ids.command_id = claim.command_id)
        ORDER BY tenant, instance_id
        ON CONFLICT DO NOTHING
        RETURNING tenant, instance_id, episode_id
        """;

    /// <summary>The statement for these claims, to be prepared and executed on a connection.</summary>
    public static NpgsqlCommand For(IReadOnlyList<InstanceClaim> claims, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(Sql, connection);
        Add("tenant", NpgsqlDbType.Text, claim => claim.Row.Tenant);
        Add("instance_id", NpgsqlDbType.Text, claim => claim.Row.InstanceId);
        Add("command_id", NpgsqlDbType.Text, claim => claim.CommandId);
        Add("env_type", NpgsqlDbType.Text, claim => claim.Row.EnvType);
        Add("task_id", NpgsqlDbType.Text, claim => claim.Row.TaskId);
        Add("params", NpgsqlDbType.Bytea, claim => claim.Row.Params);
        Add("sandbox_id", NpgsqlDbType.Text, claim => claim.Row.SandboxId);
        Add("state", NpgsqlDbType.Integer, claim => (int)claim.Row.State);
        Add("owner", NpgsqlDbType.Text, claim => claim.Row.Owner);
        Add("epoch", NpgsqlDbType.Integer, claim => claim.Row.Epoch);
        Add("attempts", NpgsqlDbType.Integer, claim => claim.Row.Attempts);
        Add("next_step", NpgsqlDbType.Integer, claim => claim.Row.NextStep);
        Add("max_steps", NpgsqlDbType.Integer, claim => claim.Row.MaxSteps);
        Add("image_digest", NpgsqlDbType.Text, claim => claim.Row.ImageDigest);
        Add("created_at", NpgsqlDbType.Bigint, claim => claim.Row.CreatedAt);
        Add("last_used_at", NpgsqlDbType.Bigint, claim => claim.Row.LastUsedAt);
        Add("parent_episode", NpgsqlDbType.Bigint, claim => claim.Row.ParentEpisode);
        Add("parent_step", NpgsqlDbType.Integer, claim => claim.Row.ParentStep);
        return command;

        void Add<T>(string name, NpgsqlDbType type, Func<InstanceClaim, T> value)
        {
            var column = new T[claims.Count];
            for (var i = 0; i < column.Length; i++) column[i] = value(claims[i]);
            command.Parameters.Add(new NpgsqlParameter<T[]>(name, NpgsqlDbType.Array | type) { TypedValue = column });
        }
    }
}
