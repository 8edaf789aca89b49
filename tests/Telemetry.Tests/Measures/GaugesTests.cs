using System.Diagnostics.Metrics;
using SandQueue.Telemetry.Measures;

namespace SandQueue.Telemetry.Tests.Measures;

public sealed class GaugesTests
{
    [Fact]
    public void They_are_read_when_somebody_asks_and_end_with_their_host()
    {
        var (asked, measured) = (0, new List<(string Name, long Value, string Labels)>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == Signals.Name && instrument.IsObservable) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => tag.Value)))));
        listener.Start();

        using (var gauges = new Gauges())
        {
            gauges.Instances(() => Ask(("lake", "live", 3L), ("lake", "waiting", 1L)));
            gauges.InstanceLimits(() => Ask(("lake", 8L)));
            gauges.Containers(() => Ask(("lake", "running", 2L)));
            gauges.WaitingCreates(() => Ask(("lake", 5L)));
            asked.ShouldBe(0);
            listener.RecordObservableInstruments();
        }

        measured.ShouldBe(
            [
                ("sandqueue.instance.count", 3, "lake live"),
                ("sandqueue.instance.count", 1, "lake waiting"),
                ("sandqueue.instance.limit", 8, "lake"),
                ("sandqueue.container.count", 2, "lake running"),
                ("sandqueue.create.waiting", 5, "lake"),
            ],
            ignoreOrder: true);
        asked.ShouldBe(4);

        listener.RecordObservableInstruments();
        asked.ShouldBe(4);

        IEnumerable<T> Ask<T>(params T[] items)
        {
            asked++;
            return items;
        }
    }
}
