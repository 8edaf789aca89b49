namespace SandQueue.Bench.Batches;

/// <summary>The options of the measurements of batches.</summary>
/// <param name="Only">Only these parts; empty for all.</param>
/// <param name="Tasks">Rollouts of the batch that faults happen to.</param>
/// <param name="Concurrency">Rollouts at once, and clients at once.</param>
/// <param name="Data">The folder with the files of BFCL; null for the sample that is built in.</param>
internal sealed record BatchesOptions(IReadOnlyList<string> Only, int Tasks, int Concurrency, string? Data)
{
    /// <summary>The parts in their order.</summary>
    public static readonly IReadOnlyList<string> Parts = ["faults", "model", "cost", "replay"];

    private static readonly string[] Known = ["--only", "--tasks", "--concurrency", "--data"];

    /// <exception cref="ArgumentException">An option or a part is not known, or a number is none.</exception>
    public static BatchesOptions Parse(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!Known.Contains(args[i])) throw new ArgumentException($"'{args[i]}' is no option; known are {string.Join(", ", Known)}");
            if (i + 1 == args.Count) throw new ArgumentException($"{args[i]} needs a value");
        }

        var given = new GivenOptions(args);
        string[] only = given.Text("--only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (only.FirstOrDefault(name => !Parts.Contains(name)) is { } unknown) throw new ArgumentException($"there is no part '{unknown}'; known are {string.Join(", ", Parts)}");
        var data = given.Text("--data", "") is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
        if (data is not null && !Directory.Exists(data)) throw new ArgumentException($"--data: there is no folder {data}");
        return new BatchesOptions(only, AtLeastOne(given, "--tasks", 2000), AtLeastOne(given, "--concurrency", 32), data);
    }

    /// <summary>Whether a part is asked for.</summary>
    public bool Has(string part) => Only.Count == 0 || Only.Contains(part);

    /// <summary>Settings of a farm that serves BFCL.</summary>
    public Dictionary<string, string> BfclSettings() => Data is null ? [] : new Dictionary<string, string> { ["Worker:Environments:bfcl:Data"] = Data, ["Worker:Environments:bfcl:StartTimeout"] = "00:03:00" };

    private static int AtLeastOne(GivenOptions given, string name, int otherwise) =>
        given.Number(name, otherwise) is var number and > 0 ? number : throw new ArgumentException($"{name} has to be 1 or more");
}
