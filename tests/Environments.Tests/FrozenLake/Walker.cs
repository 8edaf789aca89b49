using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.FrozenLake;

namespace SandQueue.Environments.Tests.FrozenLake;

/// <summary>Plays the lake: writes actions, and finds the shortest way on a map as the prompt shows it.</summary>
internal static class Walker
{
    private static readonly (string Word, int Row, int Column)[] Steps = [("left", 0, -1), ("down", 1, 0), ("right", 0, 1), ("up", -1, 0)];

    public static IInstance Create(string task, string parameters = "{}") => new FrozenLakeEnvironment().Create(task, Parameters(parameters));

    public static EpisodeParameters Parameters(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return new EpisodeParameters(document.RootElement.Clone());
    }

    public static AgentAction Say(string content) => new(content, []);

    public static AgentAction Call(params string[] directions) =>
        new("", [.. directions.Select((direction, index) => new NativeToolCall($"call_{index}", "move", $$"""{"direction":"{{direction}}"}"""))]);

    public static StepResult Say(this IInstance instance, string content) => instance.Step(Say(content), CancellationToken.None);

    /// <summary>The map of the first user message, one string a row.</summary>
    public static string[] Map(IInstance instance) =>
        [.. instance.Opening.User.Split("\n\n")[0].Split('\n').Select(row => row.Replace(" ", "", StringComparison.Ordinal))];

    /// <summary>The words of a shortest way from A to G; reads the letters only, and shares no code with the environment.</summary>
    public static List<string>? ShortestWay(string[] map)
    {
        var ways = new Dictionary<(int Row, int Column), List<string>> { [(0, 0)] = [] };
        var open = new Queue<(int Row, int Column)>(ways.Keys);
        while (open.TryDequeue(out var cell))
        {
            if (map[cell.Row][cell.Column] == 'G') return ways[cell];
            foreach (var (word, row, column) in Steps)
            {
                var next = (Row: cell.Row + row, Column: cell.Column + column);
                if (next.Row < 0 || next.Column < 0 || next.Row == map.Length || next.Column == map.Length) continue;
                if (map[next.Row][next.Column] == 'H' || !ways.TryAdd(next, [.. ways[cell], word])) continue;
                open.Enqueue(next);
            }
        }

        return null;
    }
}
