namespace SandQueue.Farm.Tests.Parts;

/// <summary>A worker that runs, and which of the farm's workers it is.</summary>
internal sealed class WorkerProgram(FarmProgram program)
{
    public FarmProgram Program => program;

    /// <summary>Its names, without the number that changes with every lease lost.</summary>
    public string? Process { get; set; }
}
