namespace SandQueue.Rollouts.Results;

/// <summary>Who decided that a rollout ended other than by its own play. Stored by number: never reorder.</summary>
public enum RolloutCause
{
    /// <summary>The environment did not survive an action of the agent's, and would not again: a result with a reward like any other.</summary>
    Agent = 1,

    /// <summary>The environment answered with an error, or in a form that is none.</summary>
    Environment = 2,

    /// <summary>Ours: a container, a worker, the queue, the database, or no free slot.</summary>
    Infrastructure = 3,

    /// <summary>The policy gave no action: its endpoint refused, failed, or did not answer in time.</summary>
    Policy = 4,

    /// <summary>The request: an unknown task, refused parameters, a deadline that was over.</summary>
    Caller = 5,

    /// <summary>It was cancelled.</summary>
    Cancelled = 6,
}
