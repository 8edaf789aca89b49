using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>The model in a SQLite file: the embedded mode.</summary>
public sealed class SqliteContext(DbContextOptions<SqliteContext> options) : SandQueueContext(options);
