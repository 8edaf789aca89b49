using System.Data.Common;

namespace SandQueue.Storage.Connections;

/// <summary>
/// This process ends and writes nothing any more. Whoever asks takes it for a failure of the database, so that a command which came so late gets no
/// end here: another process executes it.
/// </summary>
internal sealed class WritingEndedException() : DbException("this process ends, and writes nothing any more");
