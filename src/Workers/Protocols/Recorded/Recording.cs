using SandQueue.Storage.Journal;

namespace SandQueue.Workers.Protocols.Recorded;

/// <summary>An ended episode that answers again.</summary>
/// <param name="EpisodeId">Its number.</param>
/// <param name="Params">The <c>params</c> of its Create, byte for byte.</param>
/// <param name="Commands">What was done in it, in order, without the answers; the Create first.</param>
internal sealed record Recording(long EpisodeId, byte[] Params, IReadOnlyList<RecordedCommand> Commands);
