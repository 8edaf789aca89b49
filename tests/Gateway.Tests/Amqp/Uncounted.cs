using System.Diagnostics.Metrics;
using NSubstitute;
using SandQueue.Gateway.Amqp;

namespace SandQueue.Gateway.Tests.Amqp;

/// <summary>Metrics that nobody listens to.</summary>
internal static class Uncounted
{
    private static readonly Meter Meter = new(nameof(Uncounted));

    public static AmqpMetrics Metrics { get; } = New();

    private static AmqpMetrics New()
    {
        var meters = Substitute.For<IMeterFactory>();
        meters.Create(Arg.Any<MeterOptions>()).Returns(Meter);
        return new AmqpMetrics(meters);
    }
}
