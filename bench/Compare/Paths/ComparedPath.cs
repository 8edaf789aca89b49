using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Compare.Paths;

/// <summary>Something that is measured, and how.</summary>
/// <param name="Name">As the tables call it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Clients">At how many clients.</param>
/// <param name="Measured">Whose processor time belongs to it.</param>
/// <param name="Open">Makes a player, by its number.</param>
internal sealed record ComparedPath(string Name, string Unit, IReadOnlyList<int> Clients, Measured Measured, Func<int, CancellationToken, Task<IPlayer>> Open)
{
    /// <summary>Whether it is measured at a fixed rate of arrivals too.</summary>
    public bool HasOpenLoop { get; init; }

    /// <summary>Which part of the time for warming up it gets: the product's own code is warm after half a minute, a part earlier.</summary>
    public double WarmUp { get; init; } = 1.0 / 3;

    /// <summary>With how many clients it is warmed up.</summary>
    public int WarmUpClients => Math.Min(64, Clients[^1]);
}
