using SandQueue.Contracts;

namespace SandQueue.Telemetry;

/// <summary>What kinds of commands are called in metrics and spans.</summary>
public static class CommandVerb
{
    /// <summary>The name of a command's kind.</summary>
    public static string Of(Command command) => command switch
    {
        StepInstance => "step",
        CreateInstance => "create",
        EvaluateInstance => "evaluate",
        ReleaseInstance => "release",
        DescribeInstance => "get_info",
        SolveInstance => "solve",
        ListTasks => "list_tasks",
        _ => "other",
    };
}
