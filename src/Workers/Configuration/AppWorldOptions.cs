namespace SandQueue.Workers.Configuration;

/// <summary>What AppWorld's own server needs to be told. Part of an environment's settings, for the protocol <c>appworld</c>.</summary>
public sealed class AppWorldOptions
{
    /// <summary>
    /// The folder with the task ids of each split, <c>SPLIT.txt</c>, as the worker sees it; empty: <c>datasets</c> in the
    /// folder <c>Data</c>.
    /// </summary>
    public string Datasets { get; init; } = "";

    /// <summary>Under which name the server keeps what an episode leaves behind.</summary>
    public string ExperimentName { get; init; } = "sandqueue";

    /// <summary>Code blocks the server runs in one episode; empty leaves the server's own limit.</summary>
    public int? MaxInteractions { get; init; }

    /// <summary>Where the server keeps what episodes leave behind, in its container: <c>experiments/outputs</c> in its root.</summary>
    public string Outputs { get; init; } = "/experiments/outputs";

    /// <summary>Where the server keeps the checkpoints of a task's world.</summary>
    internal string CheckpointFolder(string task) => $"{Outputs.TrimEnd('/')}/{ExperimentName}/tasks/{task}/checkpoints";

    internal IEnumerable<string> Problems()
    {
        if (!Outputs.StartsWith('/')) yield return $"Outputs is '{Outputs}'; it is a full path in the container";
        if (ExperimentName.Length == 0 || ExperimentName.Contains('/', StringComparison.Ordinal)) yield return $"ExperimentName is '{ExperimentName}'; it is the name of a folder";
        if (MaxInteractions < 1) yield return $"MaxInteractions is {MaxInteractions}; at least 1 is needed, or empty";
    }
}
