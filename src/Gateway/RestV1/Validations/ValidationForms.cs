using System.ComponentModel;

namespace SandQueue.Gateway.RestV1.Validations;

internal sealed record ValidationBody
{
    [Description("The split; train if not said")]
    public string? Split { get; init; }

    [Description("How many tasks of it, drawn by the seed; all if not said")]
    public int? Sample { get; init; }

    [Description("Decides the sample and the random actions; 0 if not said")]
    public long? Seed { get; init; }

    [Description("How many tasks are played at once, 1 to 64; 8 if not said")]
    public int? Concurrency { get; init; }
}

[Description("One line: a task, or at the end the summary")]
internal sealed record ValidationLine
{
    public string? TaskId { get; init; }

    [Description("The score of the environment's own solution; null where there was none")]
    public double? Gold { get; init; }

    [Description("The score that the environment says its solution reaches")]
    public double? Maximum { get; init; }

    [Description("The score without a step")]
    public double? Nothing { get; init; }

    [Description("The score of random actions")]
    public double? Noise { get; init; }

    [Description("Whether the solution played again gave the same bytes")]
    public bool? RepeatEqual { get; init; }

    [Description("The checks that failed: played, gold, nothing, repeat")]
    public IReadOnlyList<string>? Failed { get; init; }

    [Description("What need not be a fault: noise, where random actions scored like the solution")]
    public IReadOnlyList<string>? Noted { get; init; }

    [Description("What failed first, one line")]
    public string? Detail { get; init; }

    [Description("The last line has this alone")]
    public ValidationSummary? Summary { get; init; }
}

internal sealed record ValidationSummary(
    string EnvType, string Split, int Tasks, [property: Description("Tasks that failed")] int Failed, IReadOnlyList<ValidationFailure> Failures);

internal sealed record ValidationFailure(string TaskId, string Check, string? Detail);
