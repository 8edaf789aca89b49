using System.Data.Common;

namespace SandQueue.Routing.Fleet;

/// <summary>The database gave no answer in the time we had for it.</summary>
internal sealed class DatabaseSilentException(string message) : DbException(message);
