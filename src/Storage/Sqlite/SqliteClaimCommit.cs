using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Storage.Sqlite;

/// <summary>Inserts the rows of new instances one by one, in one transaction: without a network between, many rows to a statement save nothing.</summary>
internal sealed class SqliteClaimCommit(IContextSource contexts) : IClaimCommit
{
    private const string Columns =
        "tenant, instance_id, env_type, task_id, params, sandbox_id, state, owner, epoch, attempts, recoveries, next_step, max_steps, image_digest, created_at, last_used_at, is_end_announced, parent_episode, parent_step";

    private static readonly string Sql =
        $"""
        INSERT INTO instances ({Columns}) SELECT @{Columns.Replace(", ", ", @", StringComparison.Ordinal)}
        WHERE @command_id IS NULL OR NOT EXISTS (SELECT 1 FROM journal WHERE tenant = @tenant AND command_id = @command_id)
        ON CONFLICT DO NOTHING
        RETURNING episode_id
        """;

    private static readonly string[] Names = [.. Columns.Split(", "), "command_id"];

    public async Task<long?[]> CommitAsync(IReadOnlyList<InstanceClaim> claims)
    {
        await using var context = await contexts.OpenForWritingAsync(CancellationToken.None);
        await using var transaction = await context.Database.BeginTransactionAsync();
        await using var insert = ((SqliteConnection)context.Database.GetDbConnection()).CreateCommand();
        (insert.CommandText, insert.Transaction) = (Sql, (SqliteTransaction)transaction.GetDbTransaction());
        foreach (var name in Names) insert.Parameters.Add(new SqliteParameter { ParameterName = $"@{name}" });
        var keys = new long?[claims.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = Insert(insert, claims[i]);
        await transaction.CommitAsync();
        return keys;
    }

    private static long? Insert(SqliteCommand insert, InstanceClaim claim)
    {
        var row = claim.Row;
        object?[] values =
        [
            row.Tenant, row.InstanceId, row.EnvType, row.TaskId, row.Params, row.SandboxId, (int)row.State, row.Owner, row.Epoch, row.Attempts, 0, row.NextStep, row.MaxSteps,
            row.ImageDigest, row.CreatedAt, row.LastUsedAt, false, row.ParentEpisode, row.ParentStep, claim.CommandId,
        ];
        for (var i = 0; i < values.Length; i++) insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        return (long?)insert.ExecuteScalar();
    }
}
