using System.Collections.Concurrent;
using SandQueue.Routing.Fleet;
using SandQueue.Telemetry;

namespace SandQueue.Routing.Observation;

/// <summary>The environments that a worker has served while this process ran. Callers may name others, as many as they like: those are all one label.</summary>
internal sealed class KnownEnvironments(FleetView fleet)
{
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>The label of an environment that a caller named.</summary>
    public string Label(string environment)
    {
        if (_known.ContainsKey(environment)) return environment;
        return fleet.KnownFreeSlots(environment) is not null && _known.TryAdd(environment, true) ? environment : Signals.UnknownEnvironment;
    }
}
