using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Workers.Replay;

/// <summary>An episode as the journal records it.</summary>
/// <param name="Row">Its instance.</param>
/// <param name="Commands">Its completed commands in the order they took effect; the create first.</param>
internal sealed record RecordedEpisode(Instance Row, IReadOnlyList<RecordedCommand> Commands);
