using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using SandQueue.Telemetry;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>What an instrument of ours measures from now on.</summary>
/// <param name="instrument">Its name.</param>
internal sealed class Measured<T>(string instrument) : IDisposable
    where T : struct
{
    private readonly MetricCollector<T> _collector = new(meterScope: null, Signals.Name, instrument);

    /// <summary>The values so far, in order.</summary>
    public IReadOnlyList<T> Values => [.. _collector.GetMeasurementSnapshot().Select(one => one.Value)];

    /// <summary>The labels of each, as <c>name=value</c> by their names.</summary>
    public IReadOnlyList<string> Labels =>
        [.. _collector.GetMeasurementSnapshot().Select(one => string.Join(' ', one.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}")))];

    /// <summary>Asks what is counted only when somebody asks.</summary>
    /// <returns>Labels and value of each, by their labels.</returns>
    public IReadOnlyList<string> Read()
    {
        _collector.Clear();
        _collector.RecordObservableInstruments();
        return [.. Labels.Zip(Values, (labels, value) => $"{labels}: {value}").Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _collector.Dispose();
}
