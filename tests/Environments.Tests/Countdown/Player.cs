using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Countdown;

namespace SandQueue.Environments.Tests.Countdown;

/// <summary>Plays the puzzle: reads it from the prompt, and solves it by trying every pair and operation.</summary>
internal static class Player
{
    public static IInstance Create(string task, string parameters = "{}")
    {
        using var document = JsonDocument.Parse(parameters);
        return new CountdownEnvironment().Create(task, new EpisodeParameters(document.RootElement.Clone()));
    }

    public static AgentAction Say(string content) => new(content, []);

    public static AgentAction Call(string expression, string name = "answer") =>
        new("", [new NativeToolCall("call_0", name, $"{{\"expression\":\"{expression}\"}}")]);

    public static StepResult Say(this IInstance instance, string content) => instance.Step(Say(content), CancellationToken.None);

    /// <summary>Numbers and target as the first user message writes them.</summary>
    public static (List<int> Numbers, int Target) Read(IInstance instance)
    {
        var lines = instance.Opening.User.Split('\n');
        return ([.. lines[0]["Numbers: ".Length..].Split(", ").Select(int.Parse)], int.Parse(lines[1]["Target: ".Length..], null));
    }

    public static string Solve(IInstance instance)
    {
        var (numbers, target) = Read(instance);
        return Solve([.. numbers.Select(number => (number, $"{number}"))], target) ?? throw new InvalidOperationException($"no solution for {instance.Opening.User}");
    }

    private static string? Solve(List<(int Value, string Text)> left, int target)
    {
        if (left.Count == 1) return left[0].Value == target ? left[0].Text : null;

        for (var i = 0; i < left.Count; i++)
        {
            for (var j = 0; j < left.Count; j++)
            {
                if (i == j || left[i].Value < left[j].Value) continue;
                List<(int, string)> rest = [.. left.Where((_, index) => index != i && index != j)];
                foreach (var made in Made(left[i], left[j]))
                {
                    if (Solve([.. rest, made], target) is { } solution) return solution;
                }
            }
        }

        return null;
    }

    private static IEnumerable<(int, string)> Made((int Value, string Text) a, (int Value, string Text) b)
    {
        yield return (a.Value + b.Value, $"({a.Text} + {b.Text})");
        if (a.Value > b.Value) yield return (a.Value - b.Value, $"({a.Text} - {b.Text})");
        if (a.Value < 1000 && b.Value < 1000) yield return (a.Value * b.Value, $"({a.Text} * {b.Text})");
        if (a.Value % b.Value == 0) yield return (a.Value / b.Value, $"({a.Text} / {b.Text})");
    }
}
