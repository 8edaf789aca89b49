namespace SandQueue.FaultRuns.Faults;

/// <summary>What happens to a farm.</summary>
internal enum FaultKind
{
    WorkerKilled,

    /// <summary>SIGSTOP for longer than its lease.</summary>
    WorkerStopped,

    /// <summary>SIGTERM under load; it has to end within its limit.</summary>
    WorkerDrained,

    /// <summary>A worker's connection to the broker is cut or frozen.</summary>
    BrokerLineCut,

    /// <summary>A worker's connections to the database stay open, and nothing passes.</summary>
    DatabaseLineFrozen,

    /// <summary>A worker's connections to the database are closed, and every new one at once.</summary>
    DatabaseLineCut,

    /// <summary>The database lets one worker not log in any more.</summary>
    DatabaseRefusesWorker,

    GatewayKilled,
    ContainerKilled,
    ContainerHangs,
    BrokerRestarted,
    DatabaseRestarted,

    /// <summary>SIGSTOP of all of its processes.</summary>
    DatabaseHangs,

    /// <summary>More callers than slots, of which half hang up.</summary>
    CallersHangUp,

    /// <summary>Answers of 2 to 20 MB, above what a message carries.</summary>
    LargeAnswers,
}
