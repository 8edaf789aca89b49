using System.Collections.Concurrent;
using System.Globalization;

namespace SandQueue.FaultRuns.Clients;

/// <summary>Large observations that are wanted: the next step of an environment that can give one asks for it.</summary>
internal sealed class LargeAnswers
{
    private readonly ConcurrentQueue<int> _wanted = new();

    public void Ask(int megabytes) => _wanted.Enqueue(megabytes);

    /// <returns>The action that asks for it; null where none is wanted, or the environment has none.</returns>
    public string? Take(string environment) => environment.StartsWith("faulty", StringComparison.Ordinal) && _wanted.TryDequeue(out var megabytes)
        ? string.Create(CultureInfo.InvariantCulture, $"big {megabytes}MB")
        : null;
}
