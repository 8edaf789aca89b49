using System.Text;

namespace SandQueue.Environments.FrozenLake;

/// <summary>A square of ice with holes. Cells count row by row; the start is the first, the goal the last.</summary>
internal sealed class Lake(int size, bool[] holes)
{
    public int Size => size;

    public int Goal => holes.Length - 1;

    public bool IsHole(int cell) => holes[cell];

    /// <summary>Where a step leads; at the edge it leads nowhere.</summary>
    public int Neighbour(int cell, Direction direction) => direction switch
    {
        Direction.Left => cell % size == 0 ? cell : cell - 1,
        Direction.Right => cell % size == size - 1 ? cell : cell + 1,
        Direction.Up => cell < size ? cell : cell - size,
        Direction.Down => cell >= holes.Length - size ? cell : cell + size,
        _ => throw new ArgumentOutOfRangeException(nameof(direction)),
    };

    /// <summary>Steps from the start to the goal on the shortest way around the holes, or null where there is none.</summary>
    public int? ShortestWay() => WayFrom(0)?.Count;

    /// <summary>The shortest way from a cell to the goal around the holes, or null where there is none.</summary>
    public IReadOnlyList<Direction>? WayFrom(int start)
    {
        var cameBy = new (int From, Direction Step)?[holes.Length];
        var open = new Queue<int>([start]);
        while (open.TryDequeue(out var cell))
        {
            if (cell == Goal) return Back(start, cameBy);
            foreach (var direction in Enum.GetValues<Direction>())
            {
                var next = Neighbour(cell, direction);
                if (holes[next] || next == start || cameBy[next] is not null) continue;
                cameBy[next] = (cell, direction);
                open.Enqueue(next);
            }
        }

        return null;
    }

    /// <summary>The map as the agent sees it, one line a row: A the agent, . ice, H hole, G goal.</summary>
    /// <param name="agent">The agent's cell, or null for the map alone.</param>
    public string Draw(int? agent)
    {
        var text = new StringBuilder(2 * holes.Length);
        for (var cell = 0; cell < holes.Length; cell++)
        {
            if (cell > 0) text.Append(cell % size == 0 ? '\n' : ' ');
            text.Append(cell == agent ? 'A' : holes[cell] ? 'H' : cell == Goal ? 'G' : '.');
        }

        return text.ToString();
    }

    private Direction[] Back(int start, (int From, Direction Step)?[] cameBy)
    {
        var way = new List<Direction>();
        for (var cell = Goal; cell != start; cell = cameBy[cell]!.Value.From) way.Add(cameBy[cell]!.Value.Step);
        way.Reverse();
        return [.. way];
    }
}
