using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace SandQueue.Telemetry.Tests;

/// <summary>What an instrument of ours measured in an environment that only one test has: the meter is the process's, and tests run beside each other.</summary>
internal sealed class Collected<T> : IDisposable
    where T : struct
{
    private readonly MetricCollector<T> _collector;
    private readonly KeyValuePair<string, object?>? _mark;

    /// <param name="instrument">The instrument's name.</param>
    /// <param name="mark">A label and a value that only this test has; null takes all.</param>
    public Collected(string instrument, (string Label, string Value)? mark = null)
    {
        _collector = new MetricCollector<T>(meterScope: null, Signals.Name, instrument);
        if (mark is { } only) _mark = new(only.Label, only.Value);
    }

    public Instrument Instrument => _collector.Instrument!;

    public IReadOnlyList<CollectedMeasurement<T>> All =>
        [.. _collector.GetMeasurementSnapshot().Where(measurement => _mark is not { } mark || Equals(measurement.Tags.GetValueOrDefault(mark.Key), mark.Value))];

    public CollectedMeasurement<T> Only => All.ShouldHaveSingleItem();

    public void Observe() => _collector.RecordObservableInstruments();

    public void Dispose() => _collector.Dispose();
}
