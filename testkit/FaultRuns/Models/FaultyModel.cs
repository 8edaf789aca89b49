using System.Globalization;

namespace SandQueue.FaultRuns.Models;

/// <summary>The harmless actions of <c>faulty</c>: its counters show what no observation of other environments does.</summary>
internal sealed class FaultyModel(EpisodeName episode, Chances chances) : EnvironmentModel
{
    private readonly bool _evaluationsCount = episode.Environment == "faulty_evaluate";
    private int _steps;
    private int _evaluations;
    private int _rolls;

    public override string Choose(Random random) => random.Next(40) switch
    {
        < 18 => "count",
        < 28 => "roll",
        < 32 => $"echo {random.Next(1000)} \u00e4\u4e2d \"quoted\" \\ {random.Next(1000)}",
        < 37 => string.Create(CultureInfo.InvariantCulture, $"reward {random.Next(-200, 200) / 8.0}"),
        < 39 => "slow 20ms",
        _ => "end enough",
    };

    protected override double Take(string content, string observation, out Mismatch? problem)
    {
        var number = ++_steps;
        var (name, rest) = content.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? (content[..space], content[(space + 1)..]) : (content, "");
        switch (name)
        {
            case "count":
                problem = Expect($"steps {number}, evaluations {(_evaluationsCount ? _evaluations : 0)}", observation);
                if (problem is not null && Steps(observation) > number) problem = problem with { Kind = MismatchKind.Twice };
                return 0;
            case "roll":
                problem = chances.Agree($"{episode.Environment}/{episode.Task}/{episode.Seed}", ++_rolls, [observation])
                    ? null
                    : new Mismatch(MismatchKind.Observation, $"roll {_rolls} was {observation}, and another in an episode of the same seed");
                return 0;
            case "reward":
                problem = Expect(content, observation);
                return double.Parse(rest, CultureInfo.InvariantCulture);
            case "slow":
                problem = Expect($"worked for {rest}", observation);
                return 0;
            case "big":
                var megabytes = int.Parse(rest.AsSpan()[..^2], CultureInfo.InvariantCulture);
                problem = observation.Length == megabytes * 1024 * 1024 && observation.AsSpan().TrimStart('x').IsEmpty
                    ? null
                    : new Mismatch(MismatchKind.Observation, $"an observation of {observation.Length} characters to {content}");
                return 0;
            case "end":
                EndReason = rest;
                problem = Expect("ended", observation);
                return 0;
            default:
                problem = Expect(rest, observation);
                return 0;
        }
    }

    protected override (double Score, (string Name, string Value)[] Details) Score()
    {
        if (_evaluationsCount) _evaluations++;
        return (_steps, [("evaluations", _evaluations.ToString(CultureInfo.InvariantCulture))]);
    }

    private static int Steps(string observation) =>
        int.TryParse(observation.Split(' ', ',').ElementAtOrDefault(1), CultureInfo.InvariantCulture, out var steps) ? steps : -1;
}
