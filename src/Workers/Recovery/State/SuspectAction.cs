using System.Security.Cryptography;
using SandQueue.Contracts;

namespace SandQueue.Workers.Recovery.State;

/// <summary>The step during which the container died or hung; its next try runs in an isolated container.</summary>
/// <param name="step">The step.</param>
/// <param name="number">Its number in the episode.</param>
internal sealed class SuspectAction(StepInstance step, int number)
{
    private readonly byte[] _action = SHA256.HashData(step.Action);

    /// <summary>Whether a step is the same action at the same place of the episode.</summary>
    public bool Is(StepInstance other, int otherNumber) => otherNumber == number && SHA256.HashData(other.Action).AsSpan().SequenceEqual(_action);
}
