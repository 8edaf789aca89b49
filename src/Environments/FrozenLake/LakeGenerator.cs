using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.FrozenLake;

/// <summary>Draws the map of a task. A slippery task has the map of its twin that is not.</summary>
internal static class LakeGenerator
{
    /// <summary>One cell of five is a hole, as in the maps the field draws at random.</summary>
    private const int CellsToAHole = 5;

    public static Lake Draw(FrozenLakeTask task)
    {
        var random = new SeededRandom(string.Create(CultureInfo.InvariantCulture, $"frozenlake/map/{task.Size}/{task.Seed}"));
        while (true)
        {
            var holes = new bool[task.Size * task.Size];
            for (var cell = 1; cell < holes.Length - 1; cell++) holes[cell] = random.Below(CellsToAHole) == 0;
            var lake = new Lake(task.Size, holes);
            if (IsWorthPlaying(lake, holes) && BelongsTo(task, lake)) return lake;
        }
    }

    private static bool IsWorthPlaying(Lake lake, bool[] holes) =>
        (lake.Size == FrozenLakeTask.Smallest || holes.Contains(true)) && lake.ShortestWay() is not null;

    /// <summary>Below 4x4 there are too few maps to share them out among the splits.</summary>
    private static bool BelongsTo(FrozenLakeTask task, Lake lake) =>
        lake.Size < 4 || SampledSplits.OfProblem($"frozenlake/{lake.Draw(null)}") == SampledSplits.OfSeed(task.Seed);
}
