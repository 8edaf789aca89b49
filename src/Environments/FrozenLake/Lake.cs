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
    public int? ShortestWay()
    {
        var distance = new int?[holes.Length];
        distance[0] = 0;
        var open = new Queue<int>([0]);
        while (open.TryDequeue(out var cell))
        {
            if (cell == Goal) return distance[cell];
            foreach (var direction in Enum.GetValues<Direction>())
            {
                var next = Neighbour(cell, direction);
                if (holes[next] || distance[next] is not null) continue;
                distance[next] = distance[cell] + 1;
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
}
