namespace SandQueue.FaultRuns.Faults;

/// <summary>The faults of one part of a farm.</summary>
internal interface IPartFaults
{
    /// <summary>The kinds that are possible here, and how often each comes up.</summary>
    IReadOnlyDictionary<FaultKind, int> Weights { get; }

    /// <summary>Lets a fault happen.</summary>
    /// <returns>The fault; null where nothing was there to break.</returns>
    Task<BegunFault?> BeginAsync(FaultKind kind);
}
