namespace SandQueue.FaultRuns.Clients;

/// <summary>What a client was told of the end of its command.</summary>
internal enum ToldEnd
{
    /// <summary>Nothing, until it gave up.</summary>
    Nothing,
    Completed,
    Rejected,
    Expired,
    Cancelled,
    Failed,
}
