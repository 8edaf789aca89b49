using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Recovery.State;

/// <summary>A fresh instance that has repeated its episode.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Environment">It.</param>
/// <param name="Provenance">Its provenance.</param>
/// <param name="NextStep">The number of its next step.</param>
/// <param name="End">How its episode ended; null while it goes on.</param>
/// <param name="Commands">The ids of the commands that took effect in it.</param>
internal sealed record RebuiltInstance(
    ContainerSlot Slot, IEnvironmentInstance Environment, byte[] Provenance, int NextStep, EpisodeEnd? End, IReadOnlyList<string> Commands);
