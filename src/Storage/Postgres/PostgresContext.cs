using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>The model in PostgreSQL: the farm.</summary>
public sealed class PostgresContext(DbContextOptions<PostgresContext> options) : SandQueueContext(options);
