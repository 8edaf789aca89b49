using Microsoft.EntityFrameworkCore;

namespace SandQueue.Storage.Model;

/// <summary>The tables of batches and their rollouts.</summary>
internal static class RolloutModel
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Batch>(batch =>
        {
            // The books balance, whoever closes it.
            batch.ToTable("batches", table => table.HasCheckConstraint("closed_batches_balance", "closed_at IS NULL OR items = completed + rejected + expired + cancelled + failed")).HasKey(row => row.Id);
            batch.Property(row => row.Tenant).HasMaxLength(64);
            batch.Property(row => row.BatchId).HasMaxLength(200);
            batch.Property(row => row.Split).HasMaxLength(200);
            batch.HasIndex(row => new { row.Tenant, row.BatchId }, "one_batch_per_id").IsUnique();
            batch.HasIndex(row => new { row.Tenant, row.Id }, "batches_of_tenant");
            batch.HasIndex(row => row.Id, "open_batches").HasFilter("closed_at IS NULL");
            batch.HasIndex(row => row.Id, "batches_to_announce").HasFilter("NOT is_state_announced");
        });
        modelBuilder.Entity<Rollout>(rollout =>
        {
            rollout.ToTable("rollouts").HasKey(row => row.Id);
            rollout.Property(row => row.Tenant).HasMaxLength(64);
            rollout.Property(row => row.RolloutId).HasMaxLength(220);
            rollout.Property(row => row.Claim).IsConcurrencyToken();
            rollout.HasOne<Batch>().WithMany().HasForeignKey(row => row.Batch).OnDelete(DeleteBehavior.Cascade);
            rollout.HasIndex(row => new { row.Tenant, row.RolloutId }, "one_rollout_per_id").IsUnique();
            rollout.HasIndex(row => new { row.Batch, row.Number }, "one_rollout_per_number").IsUnique();
            rollout.HasIndex(row => new { row.Batch, row.End }, "rollouts_by_end");
            rollout.HasIndex(row => new { row.Batch, row.EndedAt, row.Id }, "ended_rollouts_by_time").HasFilter("ended_at IS NOT NULL");
            rollout.HasIndex(row => new { row.Batch, row.Number }, "waiting_rollouts").HasFilter("\"end\" IS NULL AND owner IS NULL");
            rollout.HasIndex(row => new { row.Owner, row.Batch }, "running_rollouts_by_owner").HasFilter("\"end\" IS NULL AND owner IS NOT NULL");
            rollout.HasIndex(row => new { row.Batch, row.Owner }, "running_rollouts_by_batch").HasFilter("\"end\" IS NULL AND owner IS NOT NULL");
        });
        modelBuilder.Entity<RolloutTurn>(turn =>
        {
            turn.ToTable("rollout_turns").HasKey(row => new { row.Rollout, row.Attempt, row.Number });
            turn.HasOne<Rollout>().WithMany().HasForeignKey(row => row.Rollout).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<Secret>(secret =>
        {
            secret.ToTable("secrets").HasKey(row => new { row.Tenant, row.Name });
            secret.Property(row => row.Tenant).HasMaxLength(64);
            secret.Property(row => row.Name).HasMaxLength(64);
        });
    }
}
