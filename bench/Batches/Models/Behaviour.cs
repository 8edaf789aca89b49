namespace SandQueue.Bench.Batches.Models;

/// <summary>What the endpoint does with a rollout.</summary>
internal enum Behaviour
{
    /// <summary>Answers what leads to the goal.</summary>
    Gold,

    /// <summary>Is too busy once, and then does the same.</summary>
    BusyOnce,

    /// <summary>Says what is no move.</summary>
    Wanders,

    /// <summary>Never answers.</summary>
    Hangs,

    /// <summary>Refuses the request.</summary>
    Refuses,

    /// <summary>Fails, whenever it is asked.</summary>
    Fails,

    /// <summary>Answers what is no JSON.</summary>
    Babbles,

    /// <summary>Breaks the connection off, whenever it is asked.</summary>
    BreaksOff,
}
