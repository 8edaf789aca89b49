using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Rollouts.Batches;

/// <summary>A sample of tasks by a seed: the same for the same tasks and seed, on every machine and in every version, for batches and validations.</summary>
public static class BatchSample
{
    /// <summary>The tasks whose hash with the seed (SHA-256, its first eight bytes) is smallest, in the order of the data.</summary>
    /// <param name="tasks">The tasks of a split.</param>
    /// <param name="count">How many are taken; all where there are no more.</param>
    /// <param name="seed">The seed.</param>
    public static IReadOnlyList<string> Take(IReadOnlyList<string> tasks, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count <= count) return tasks;
        return [.. tasks.Select((task, place) => (Task: task, Place: place, Hash: Hash(task, seed)))
            .OrderBy(task => task.Hash).ThenBy(task => task.Place).Take(count)
            .OrderBy(task => task.Place).Select(task => task.Task)];
    }

    private static ulong Hash(string task, long seed) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}:{task}"))));
}
