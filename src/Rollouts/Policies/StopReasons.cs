namespace SandQueue.Rollouts.Policies;

/// <summary>Why a policy plays no further, or is stopped: the <c>end_reason</c> of episodes that their environments did not end.</summary>
public static class StopReasons
{
    /// <summary>All recorded actions are played.</summary>
    public const string ActionsOver = "actions_over";

    /// <summary>It is a policy that takes no step.</summary>
    public const string NoSteps = "no_steps";

    /// <summary>The environment knows nothing further that would bring it to its goal.</summary>
    public const string SolutionOver = "solution_over";

    /// <summary>It used up the steps its caller allowed.</summary>
    public const string MaxSteps = "max_steps";

    /// <summary>It used up the tokens its caller allowed.</summary>
    public const string MaxTokens = "max_tokens";

    /// <summary>It used up the time its caller allowed.</summary>
    public const string Timeout = "timeout";

    /// <summary>Its episode said more than is kept.</summary>
    public const string MaxMessageBytes = "max_message_bytes";

    /// <summary>What was said is more than the model reads.</summary>
    public const string ContextLength = "context_length";

    /// <summary>Whether a reason is a limit, so that the episode was cut.</summary>
    public static bool IsLimit(string? reason) => reason is MaxSteps or MaxTokens or Timeout or MaxMessageBytes or ContextLength;
}
