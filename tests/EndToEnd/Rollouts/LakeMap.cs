namespace SandQueue.EndToEnd.Rollouts;

/// <summary>Finds the way over a lake as it is drawn for agents: <c>A</c> stands, <c>H</c> is a hole, <c>G</c> the goal.</summary>
internal static class LakeMap
{
    private static readonly (string Word, int Row, int Column)[] Ways = [("down", 1, 0), ("right", 0, 1), ("up", -1, 0), ("left", 0, -1)];

    /// <param name="said">What the environment said last, with the map in it.</param>
    /// <returns>The first move of a shortest way to the goal.</returns>
    public static string Way(string said)
    {
        string[][] map = [.. said.Split('\n').Select(line => line.Split(' ')).Where(cells => cells.Length > 1 && cells.All(cell => cell is "A" or "H" or "G" or "."))];
        var start = Enumerable.Range(0, map.Length).Select(row => (Row: row, Column: Array.IndexOf(map[row], "A"))).First(place => place.Column >= 0);
        var ahead = new Queue<(int Row, int Column, string? First)>([(start.Row, start.Column, null)]);
        var seen = new HashSet<(int Row, int Column)> { start };
        while (ahead.TryDequeue(out var at))
        {
            if (map[at.Row][at.Column] == "G") return at.First!;
            foreach (var (word, down, right) in Ways)
            {
                var (row, column) = (at.Row + down, at.Column + right);
                if (row < 0 || row >= map.Length || column < 0 || column >= map[row].Length || map[row][column] == "H" || !seen.Add((row, column))) continue;
                ahead.Enqueue((row, column, at.First ?? word));
            }
        }

        throw new InvalidOperationException($"there is no way in {said}");
    }
}
