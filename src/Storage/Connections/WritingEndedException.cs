using System.Data.Common;

namespace SandQueue.Storage.Connections;

/// <summary>
/// This process ends and writes nothing any more. A failure of the database to whoever asks: what a command that came so late did is another
/// process's to record, and no end of the command.
/// </summary>
internal sealed class WritingEndedException() : DbException("this process ends, and writes nothing any more");
