namespace SandQueue.FaultRuns.Faults;

/// <summary>What happens to a farm.</summary>
internal enum FaultKind
{
    WorkerKilled,
    GatewayKilled,
    ContainerKilled,
    WorkerStopped,
    BrokerRestarted,
    DatabaseRestarted,
    ContainerHangs,
    LineCut,
}
