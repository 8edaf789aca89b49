using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Folders;

/// <summary>Finds folders that reach themselves.</summary>
internal static class Circles
{
    /// <summary>The shortest way round from each folder that reaches itself, one for each set of folders; empty where there is none.</summary>
    public static IReadOnlyList<IReadOnlyList<FolderUse>> In(IEnumerable<FolderUse> uses)
    {
        var next = uses.GroupBy(use => use.From).ToDictionary(group => group.Key, group => group.DistinctBy(use => use.To).ToList());
        return
        [
            .. next.Keys.Order(StringComparer.Ordinal)
                .Select(folder => Round(folder, next))
                .OfType<List<FolderUse>>()
                .DistinctBy(round => string.Join(',', round.Select(use => use.From).Order(StringComparer.Ordinal))),
        ];
    }

    private static List<FolderUse>? Round(string start, Dictionary<string, List<FolderUse>> next)
    {
        var cameBy = new Dictionary<string, FolderUse>();
        var reached = new Queue<string>([start]);
        while (reached.TryDequeue(out var folder))
        {
            foreach (var use in next.GetValueOrDefault(folder, []))
            {
                if (!cameBy.TryAdd(use.To, use)) continue;
                if (use.To == start) return Way(start, cameBy);
                reached.Enqueue(use.To);
            }
        }

        return null;
    }

    private static List<FolderUse> Way(string start, Dictionary<string, FolderUse> cameBy)
    {
        var way = new List<FolderUse>();
        var folder = start;
        do
        {
            way.Insert(0, cameBy[folder]);
            folder = cameBy[folder].From;
        }
        while (folder != start);
        return way;
    }
}
