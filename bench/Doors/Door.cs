using System.Diagnostics;
using SandQueue.Bench.Load;
using SandQueue.Client;

namespace SandQueue.Bench.Doors;

/// <summary>One way to step many instances at once.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="PlayAsync">Takes so many steps of each instance.</param>
internal sealed record Door(string Name, Func<IReadOnlyList<string>, int, Task> PlayAsync)
{
    private const string Move = "<action>up</action>";

    /// <summary>AgentScope's surface, a call a step.</summary>
    public static Door AgentScope(HttpClient http, Uri gateway) => Each("agentscope", (id, number) => new EpisodePlayer(http, [gateway], id).StepAsync(number, CancellationToken.None));

    /// <summary>The .NET client, a command a step.</summary>
    public static Door Single(string name, SandQueueClient client) => Each(name, (id, number) => client.Attach(id).StepAsync(Move, new() { Number = number }));

    /// <summary>The .NET client, the steps of all instances in one call; the next when all are answered.</summary>
    public static Door Vector(string name, SandQueueClient client) => new(name, async (ids, steps) =>
    {
        for (var number = 1; number <= steps; number++)
        {
            foreach (var result in await client.StepAsync([.. ids.Select(id => new StepRequest(id, Move) { Number = number })])) result.EnsureCompleted();
        }
    });

    /// <returns>Steps a second.</returns>
    public async Task<double> RunAsync(IReadOnlyList<string> ids, int steps)
    {
        var started = Stopwatch.GetTimestamp();
        await PlayAsync(ids, steps);
        return ids.Count * steps / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Each instance steps on once its own answer is there.</summary>
    private static Door Each(string name, Func<string, int, Task> step) => new(name, (ids, steps) => Task.WhenAll(ids.Select(async id =>
    {
        for (var number = 1; number <= steps; number++) await step(id, number);
    })));
}
