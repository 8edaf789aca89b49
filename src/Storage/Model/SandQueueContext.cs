using System.Text;
using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Payloads;

namespace SandQueue.Storage.Model;

/// <summary>The one model, for both databases. Each has a set of migrations of its own, and so a context type of its own.</summary>
internal abstract class SandQueueContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Instance> Instances => Set<Instance>();

    public DbSet<JournalEntry> Journal => Set<JournalEntry>();

    public DbSet<StoredOpening> Openings => Set<StoredOpening>();

    public DbSet<StoredKey> Keys => Set<StoredKey>();

    public DbSet<Worker> Workers => Set<Worker>();

    public DbSet<WorkerContainers> WorkerContainers => Set<WorkerContainers>();

    public DbSet<Checkpoint> Checkpoints => Set<Checkpoint>();

    public DbSet<Batch> Batches => Set<Batch>();

    /// <summary>Those that are stored whole: a batch of which a part is missing is none yet.</summary>
    public IQueryable<Batch> WholeBatches => Batches.Where(batch => batch.EnteringAt == null);

    public DbSet<Rollout> Rollouts => Set<Rollout>();

    public DbSet<RolloutTurn> RolloutTurns => Set<RolloutTurn>();

    public DbSet<Secret> Secrets => Set<Secret>();

    /// <summary>The entry of a command, by its id: one, or none.</summary>
    public abstract IQueryable<JournalEntry> EntryOf(string tenant, string commandId);

    /// <summary>Reserves the id of a command for an entry that this context is about to insert, where the database does not do so by itself.</summary>
    /// <exception cref="System.Data.Common.DbException">The id is taken.</exception>
    public abstract Task ReserveIdAsync(JournalEntry entry, CancellationToken cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Instance>(instance =>
        {
            instance.ToTable("instances").HasKey(row => row.EpisodeId);
            instance.Property(row => row.Tenant).HasMaxLength(64);
            instance.Property(row => row.InstanceId).HasMaxLength(200);
            instance.Property(row => row.JournalBytes).HasDefaultValue(0L);
            instance.HasIndex(row => new { row.Tenant, row.InstanceId, row.EpisodeId });
            instance.HasIndex(row => new { row.Tenant, row.EpisodeId }).HasDatabaseName("instances_of_tenant");
            instance.HasIndex(row => new { row.Tenant, row.EnvType, row.EpisodeId }).HasDatabaseName("instances_of_tenant_by_environment");

            // The database, not a check before it, decides which of two Creates with one id makes the instance.
            instance.HasIndex(row => new { row.Tenant, row.InstanceId }).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("one_living_instance_per_id");
            instance.HasIndex(row => row.Owner).HasFilter("ended_at IS NULL").HasDatabaseName("living_instances_by_owner");
            instance.HasIndex(row => row.EndedAt).HasFilter("ended_at IS NOT NULL").HasDatabaseName("ended_instances_by_time");
            instance.HasIndex(row => row.EpisodeId).HasFilter("ended_at IS NOT NULL AND NOT is_end_announced").HasDatabaseName("ended_instances_to_announce");
            instance.HasIndex(row => new { row.Tenant, row.SandboxId }).HasFilter("ended_at IS NULL AND sandbox_id IS NOT NULL").HasDatabaseName("living_instances_by_sandbox");
        });
        modelBuilder.Entity<JournalEntry>(entry =>
        {
            entry.ToTable("journal").HasKey(row => row.Id);
            entry.Property(row => row.Tenant).HasMaxLength(64);
            entry.Property(row => row.CommandId).HasMaxLength(200);
            entry.Property(row => row.Action).HasConversion<PackedColumn, PayloadComparer>();
            entry.Property(row => row.Answer).HasConversion<PackedColumn, PayloadComparer>();

            // Rows without a step (evaluations) are distinct to both databases, so this also finds all of an episode.
            entry.HasIndex(row => new { row.EpisodeId, row.Step }).IsUnique().HasDatabaseName("one_entry_per_step");
            entry.HasIndex(row => row.RecordedAt).HasFilter("episode_id IS NULL").HasDatabaseName("ends_without_episode_by_time");

            // Creates (kind 1) are left out: a task's id may be longer than an index takes, an instance's is not.
            entry.HasIndex(row => new { row.Tenant, row.Target, row.RecordedAt }).HasFilter("episode_id IS NULL AND kind <> 1").HasDatabaseName("ends_without_episode_by_target");
            entry.HasIndex(row => row.OpeningHash).HasFilter("opening_hash IS NOT NULL").HasDatabaseName("entries_by_opening");
        });
        modelBuilder.Entity<StoredOpening>().ToTable("openings").HasKey(row => row.Hash);
        modelBuilder.Entity<Worker>(worker =>
        {
            worker.ToTable("workers").HasKey(row => row.Name);
            worker.Property(row => row.Capacity).HasConversion<CapacityJson, CapacityComparer>().HasDefaultValueSql("'[]'");
        });
        modelBuilder.Entity<WorkerContainers>(containers =>
        {
            containers.ToTable("workers").HasKey(row => row.Name);
            containers.Property(row => row.Containers).HasConversion<ContainersJson, ContainersComparer>().HasDefaultValueSql("'[]'");
            containers.HasOne<Worker>().WithOne().HasForeignKey<WorkerContainers>(row => row.Name);
        });
        modelBuilder.Entity<StoredKey>(key =>
        {
            key.ToTable("api_keys").HasKey(row => row.Id);
            key.Property(row => row.Id).HasMaxLength(16);
            key.Property(row => row.Tenant).HasMaxLength(64);
        });
        modelBuilder.Entity<Checkpoint>(checkpoint =>
        {
            checkpoint.ToTable("checkpoints").HasKey(row => row.EpisodeId);
            checkpoint.Property(row => row.EpisodeId).ValueGeneratedNever();
        });
        RolloutModel.Configure(modelBuilder);

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && snake.Length > 0) snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }

        return snake.ToString();
    }
}
