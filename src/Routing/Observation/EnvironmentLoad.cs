namespace SandQueue.Routing.Observation;

/// <summary>How busy an environment is in the whole farm.</summary>
/// <param name="Waiting">Creates that wait for a slot.</param>
/// <param name="Live">Instances that workers own.</param>
/// <param name="Free">Instances that workers could still take.</param>
public sealed record EnvironmentLoad(long Waiting, int Live, int Free)
{
    /// <summary>Instances that workers own, of those that they could: 0 to 1; 1 where there is no room at all.</summary>
    public double Occupancy => Live + Free == 0 ? 1 : Math.Round((double)Live / (Live + Free), 4);
}
