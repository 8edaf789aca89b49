using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Commands of one kind that travel to one worker together. An envelope means nothing itself: each command in it is
/// executed, fails and is answered alone.
/// </summary>
/// <typeparam name="TCommand">The kind of command.</typeparam>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record Envelope<TCommand>
    where TCommand : Command
{
    /// <summary>The commands, oldest first.</summary>
    [MemoryPackOrder(0)]
    public required IReadOnlyList<TCommand> Commands { get; init; }
}
