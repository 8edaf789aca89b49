using SandQueue.Storage.Model;

namespace SandQueue.Workers.Recovery;

/// <summary>How a rebuild ended. At most one is set; none where the journal has no such episode.</summary>
/// <param name="Instance">The instance, proven the same; null where there is none.</param>
/// <param name="Difference">What differed from the record, for people.</param>
/// <param name="HasEnded">The journal says that the instance was released.</param>
/// <param name="Broke">How the container died or hung under it, for people.</param>
/// <param name="LeavesCheckpoint">The rebuild from a checkpoint came to nothing, and one from the first step has to follow.</param>
/// <param name="Repeated">Observations that were the same, the initial state among them.</param>
internal sealed record RebuildOutcome(RebuiltInstance? Instance, string? Difference = null, bool HasEnded = false, string? Broke = null, bool LeavesCheckpoint = false, int Repeated = 0);
