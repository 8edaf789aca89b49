using System.Globalization;

namespace SandQueue.FaultRuns.Models;

/// <summary>A walk over the map in the first message. On slippery ice the map in each observation says where the walker went.</summary>
internal sealed class FrozenLakeModel : EnvironmentModel
{
    /// <summary>In the order in which the two neighbours of each are the ways it can slip.</summary>
    private static readonly string[] Words = ["left", "down", "right", "up"];

    private readonly string[][] _map;
    private readonly bool _slippery;
    private readonly string _source;
    private readonly Chances _chances;
    private (int Row, int Column) _at;
    private int _moves;
    private int _unreadable;

    public FrozenLakeModel(EpisodeName episode, string prompt, Chances chances)
    {
        _map = Cells(prompt[..prompt.IndexOf("\n\n", StringComparison.Ordinal)]);
        _map[0][0] = ".";
        _slippery = episode.Task.Contains("slippery", StringComparison.Ordinal);
        (_source, _chances) = ($"{episode.Environment}/{episode.Task}/{episode.Seed}", chances);
    }

    private int Size => _map.Length;

    private int MaxTurns => 25 * Size;

    public override string Choose(Random random)
    {
        if (random.Next(20) == 0) return "I do not know.";

        // Mostly one that no hole lies in, and not straight to the goal: short episodes test little.
        var moves = Enumerable.Range(0, 4).OrderBy(_ => random.Next()).ToList();
        var chosen = moves.Find(move => At(Next(move)) == ".");
        return $"I think. <action>{Words[random.Next(12) == 0 ? moves[0] : chosen]}</action>";
    }

    protected override double Take(string content, string observation, out Mismatch? problem)
    {
        if (Ended) throw new InvalidOperationException("a step after the end of an episode");
        var wanted = Array.FindIndex(Words, word => content.Contains($">{word}<", StringComparison.Ordinal));
        var before = _at;
        if (wanted < 0)
        {
            _unreadable++;
        }
        else
        {
            _moves++;
            _at = _slippery ? Slip(wanted, Shown(observation)) : Next(wanted);
        }

        EndReason = At(_at) == "G" ? "goal" : At(_at) == "H" ? "hole" : _moves + _unreadable >= MaxTurns ? "max_moves" : null;
        var after = observation[(observation.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        var twice = wanted >= 0 && !_slippery && _at != before && Shown(observation) == Step(_at, wanted);
        problem = after == Drawn()
            ? null
            : new Mismatch(twice ? MismatchKind.Twice : MismatchKind.Observation, $"after \"{content}\" from {before} at {Shown(observation)} instead of {_at}");
        return EndReason == "goal" ? 1 : 0;
    }

    protected override (double Score, (string Name, string Value)[] Details) Score() =>
        (EndReason == "goal" ? 1 : 0,
        [
            ("moves", _moves.ToString(CultureInfo.InvariantCulture)),
            ("unreadable", _unreadable.ToString(CultureInfo.InvariantCulture)),
            ("end_reason", EndReason ?? ""),
        ]);

    /// <summary>Where the walker was shown, if a slip of this move can have led there; else where it would have gone.</summary>
    private (int Row, int Column) Slip(int wanted, (int Row, int Column) shown)
    {
        var possible = Enumerable.Range(-1, 3).Where(turn => Next((wanted + turn + 4) % 4) == shown).Select(turn => turn.ToString(CultureInfo.InvariantCulture)).ToList();
        return possible.Count > 0 && _chances.Agree(_source, _moves, possible) ? shown : (-1, -1);
    }

    private (int Row, int Column) Next(int move) => Step(_at, move);

    private (int Row, int Column) Step((int Row, int Column) from, int move)
    {
        var (row, column) = move switch
        {
            0 => (from.Row, from.Column - 1),
            1 => (from.Row + 1, from.Column),
            2 => (from.Row, from.Column + 1),
            _ => (from.Row - 1, from.Column),
        };
        return row >= 0 && column >= 0 && row < Size && column < Size ? (row, column) : from;
    }

    private string At((int Row, int Column) cell) => cell.Row < 0 ? "?" : _map[cell.Row][cell.Column];

    private (int Row, int Column) Shown(string observation)
    {
        var rows = Cells(observation[(observation.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]);
        var row = Array.FindIndex(rows, cells => cells.Contains("A"));
        return row < 0 ? (-2, -2) : (row, Array.IndexOf(rows[row], "A"));
    }

    private string Drawn() => string.Join('\n', _map.Select((cells, row) => string.Join(' ', cells.Select((cell, column) => (row, column) == _at ? "A" : cell))));

    private static string[][] Cells(string map) => [.. map.Split('\n').Select(row => row.Split(' '))];
}
