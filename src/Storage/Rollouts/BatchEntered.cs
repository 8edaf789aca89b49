namespace SandQueue.Storage.Rollouts;

/// <summary>What became of a batch that was to be entered.</summary>
public enum BatchEntered
{
    /// <summary>It is there with all its rollouts.</summary>
    Whole,

    /// <summary>The tenant has a batch or a rollout of that name.</summary>
    NameIsTaken,

    /// <summary>A batch of that name is being stored, or was given up and is being removed.</summary>
    NameIsEntering,
}
