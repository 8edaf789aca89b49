namespace SandQueue.Workers.Configuration;

/// <summary>What AppWorld's own server needs to be told. Part of an environment's settings, for the protocol <c>appworld</c>.</summary>
internal sealed class AppWorldOptions
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
}
