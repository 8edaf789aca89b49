using System.Text.Json;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>Episodes on a slippery lake: each move's outcome depends on all before it, so a rebuilt instance has to have replayed them.</summary>
internal static class Walk
{
    /// <summary>Its first six of these moves all slip to different cells, and end in no hole.</summary>
    public const string Task = "8x8-slippery-25";

    /// <summary>So large that a client that stands at its edge takes many turns.</summary>
    public const string LongTask = "16x16-1";

    private static readonly string[] Moves = ["left", "up", "left", "up", "left", "up"];

    /// <summary>What an observer of a step sees of the environment: state, reward, end.</summary>
    public static async Task<string> StepAsync(GatewayProgram gateway, string instance, int step, string? key = null) =>
        Seen((await gateway.StepAsync(instance, Moves[(step - 1) % Moves.Length], key)).Good);

    public static string Seen(JsonElement data) =>
        $"{data.GetProperty("state").GetRawText()} {data.GetProperty("reward").GetRawText()} {data.GetProperty("is_terminated").GetRawText()}";

    /// <summary>Runs a whole short episode.</summary>
    /// <param name="create">Where it is created.</param>
    /// <param name="others">Where its steps go, in turn.</param>
    /// <param name="instance">Its name.</param>
    /// <param name="steps">Its length.</param>
    /// <returns>What was seen of each step, and the score.</returns>
    public static async Task<List<string>> RunAsync(GatewayProgram create, IReadOnlyList<GatewayProgram> others, string instance, int steps)
    {
        _ = (await create.CreateAsync(instance, Task)).Good;
        var seen = new List<string>();
        for (var step = 1; step <= steps; step++) seen.Add(await StepAsync(others[step % others.Count], instance, step));
        seen.Add((await create.EvaluateAsync(instance)).Good.GetRawText());
        (await others[0].ReleaseAsync(instance)).Status.ShouldBe(200);
        return seen;
    }

    /// <summary>Asks until it is answered, each gateway in turn, always under the same key: what a careful client does.</summary>
    public static async Task<Answer> PersistAsync(IReadOnlyList<GatewayProgram> gateways, Func<GatewayProgram, Task<Answer>> ask)
    {
        var answers = new List<string>();
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var answer = await ask(gateways[attempt % gateways.Count]);
            if (answer.Status == 200) return answer;
            answers.Add($"{answer.Status}: {answer.Body}");
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        throw new InvalidOperationException($"never answered: {string.Join("; ", answers.TakeLast(5))}");
    }
}
