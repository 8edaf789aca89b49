using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.MultiTurn;
using SandQueue.Environments.Bfcl.Parameters;
using SandQueue.Environments.Bfcl.SingleTurn;

namespace SandQueue.Environments.Bfcl;

/// <summary>The Berkeley Function-Calling Leaderboard: which function the agent calls, and with which arguments.</summary>
internal sealed class BfclEnvironment : IEnvironment
{
    /// <summary>The setting that names the data folder.</summary>
    public const string Setting = "SANDQUEUE_BFCL_DATA";

    private readonly TaskCatalogue _catalogue;

    private BfclEnvironment(TaskCatalogue catalogue, string source, string hash, IReadOnlyList<string> problems)
    {
        _catalogue = catalogue;
        Description = new EnvironmentDescription("bfcl", Version: "2", ScorerVersion: "1", PromptVersion: "1", hash, source)
        {
            Problems = problems,
            Parameters = BfclParameters.Declared,
        };
    }

    public EnvironmentDescription Description { get; }

    public IReadOnlyList<string> Splits => _catalogue.Splits.Names;

    /// <summary>Loads the official files of a folder, or, where none is named, the sample inside the program.</summary>
    public static BfclEnvironment Load(string? folder)
    {
        var named = !string.IsNullOrWhiteSpace(folder);
        using var files = named ? DataFiles.In(folder!) : DataFiles.Sample();
        if (named && !Directory.Exists(folder))
        {
            // Never the sample instead: a trainer would train on it without noticing.
            var missing = $"the BFCL data folder {folder} does not exist: set {Setting} to the folder with the BFCL_v4_*.json files, or unset it to serve the sample";
            return new BfclEnvironment(TaskCatalogue.Load(files, []), $"none: {missing}", files.Hash(), [missing]);
        }

        var multiTurn = new MultiTurnKind(files);
        var catalogue = TaskCatalogue.Load(files, [new SingleTurnKind(), multiTurn]);
        var source = named
            ? $"BFCL v4 from {folder} (tasks: {catalogue.Count}, categories: {catalogue.CategoryCount}){multiTurn.Approximation}"
            : $"a sample of {catalogue.Count} tasks in BFCL's format, made for SandQueue; set {Setting} to serve the benchmark";
        IEnumerable<string> empty = named && catalogue.Count == 0 ? [$"the BFCL data folder {folder} has no task in it: set {Setting} to the folder with the BFCL_v4_*.json files, or unset it to serve the sample"] : [];
        return new BfclEnvironment(catalogue, source, files.Hash(), [.. empty, .. files.Problems]);
    }

    public IReadOnlyList<string> ListTasks(string split) => _catalogue.Splits.Find(split)
        ?? throw new InvalidRequestException($"bfcl has no split \"{split}\"; it has {string.Join(", ", Splits)}");

    public IInstance Create(string taskId, EpisodeParameters parameters) =>
        _catalogue.TryFind(taskId, out var task, out var kind)
            ? kind.Create(task, parameters)
            : throw new InvalidRequestException(_catalogue.Count == 0
                ? $"bfcl has no task \"{taskId}\", nor any other: {string.Join("; ", Description.Problems.Take(1))}"
                : $"bfcl has no task \"{taskId}\"; the split \"all\" lists what it has");
}
