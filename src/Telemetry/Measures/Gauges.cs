using System.Diagnostics.Metrics;

namespace SandQueue.Telemetry.Measures;

/// <summary>
/// What is counted when somebody asks, and only then. A host has its own, which end with it: what they count is the host's, and not the process's.
/// </summary>
public sealed class Gauges : IDisposable
{
    private readonly Meter _meter = new(Signals.Name);

    /// <summary>Instances that this worker has, by environment and state: <c>live</c> has a container, <c>waiting</c> is made or rebuilt, or waits for its next command to be.</summary>
    public void Instances(Func<IEnumerable<(string Environment, string State, long Count)>> read) =>
        Observe("sandqueue.instance.count", "{instance}", "Instances at this worker.", read);

    /// <summary>Instances that this worker can have at most, by environment.</summary>
    public void InstanceLimits(Func<IEnumerable<(string Environment, long Count)>> read) =>
        Observe("sandqueue.instance.limit", "{instance}", "Instances that this worker can have at most.", read);

    /// <summary>Containers of this worker, by environment and state.</summary>
    public void Containers(Func<IEnumerable<(string Environment, string State, long Count)>> read) =>
        Observe("sandqueue.container.count", "{container}", "Containers or processes of environments at this worker.", read);

    /// <summary>Creates at this process that have waited longer than one takes where there is room, by environment.</summary>
    public void WaitingCreates(Func<IEnumerable<(string Environment, long Count)>> read) =>
        Observe("sandqueue.create.waiting", "{command}", "Creates that wait for a slot, as far as this process sent them.", read);

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => _meter.Dispose();

    private void Observe(string name, string unit, string description, Func<IEnumerable<(string Environment, string State, long Count)>> read) => _meter.CreateObservableUpDownCounter(
        name, () => read().Select(item => new Measurement<long>(item.Count, new(Signals.Environment, item.Environment), new(Signals.State, item.State))), unit, description);

    private void Observe(string name, string unit, string description, Func<IEnumerable<(string Environment, long Count)>> read) => _meter.CreateObservableUpDownCounter(
        name, () => read().Select(item => new Measurement<long>(item.Count, new KeyValuePair<string, object?>(Signals.Environment, item.Environment))), unit, description);
}
