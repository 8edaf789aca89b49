using System.Text.Json;

namespace SandQueue.Bench.Scale;

/// <summary>Measures one part after the other, each with servers and processes of its own, and says of each figure whether its goal is met.</summary>
internal sealed class ScaleRun(ScaleOptions options)
{
    private static readonly Dictionary<string, Func<ScaleOptions, CancellationToken, Task<IReadOnlyList<Figure>>>> ByName = new(StringComparer.Ordinal)
    {
        ["live"] = LivePart.RunAsync,
        ["open"] = OpenPart.RunAsync,
        ["burst"] = BurstPart.RunAsync,
        ["journal"] = JournalPart.RunAsync,
        ["sweep"] = SweepPart.RunAsync,
        ["workers"] = WorkersPart.RunAsync,
    };

    /// <summary>The parts that may be asked for, in the order they are measured.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["live", "open", "burst", "journal", "sweep", "workers"];

    /// <returns>0, or 1 where a goal is missed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var load = LoadAverage.Now();
        var figures = new List<Figure>();
        foreach (var part in Parts.Where(part => options.Only.Count == 0 || options.Only.Contains(part)))
        {
            await Console.Error.WriteLineAsync($"{part}:");
            foreach (var figure in await ByName[part](options, cancellationToken))
            {
                Console.WriteLine(figure);
                figures.Add(figure);
            }
        }

        var said = figures.ToDictionary(figure => figure.Name, figure => (object)Math.Round(figure.Value, 3), StringComparer.Ordinal);
        said["missed"] = figures.Where(figure => figure.IsMissed).Select(figure => figure.Name);
        said["seconds"] = options.Seconds;
        said["cores"] = Environment.ProcessorCount;
        said["load_average_before"] = load;
        Console.WriteLine(JsonSerializer.Serialize(said));
        return figures.Exists(figure => figure.IsMissed) ? 1 : 0;
    }
}
