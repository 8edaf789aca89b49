using System.Diagnostics;
using SandQueue.FaultRuns.Checking;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Faults;

namespace SandQueue.Farm.Tests.Faults;

public sealed class CommandLatenciesTests
{
    /// <summary>Two faults on end, from second 10 to 16, and one alone from 30 to 31.</summary>
    private static readonly FaultSpan[] Faults = [Span(10, 14), Span(13, 16), Span(30, 31)];

    [Fact]
    public void What_a_command_took_beyond_its_faults_is_without_the_time_in_which_they_lasted() =>
        new CommandLatencies([Command(12, 20)], Faults).BeyondFaults.SlowestSeconds.ShouldBe(4);

    [Fact]
    public void A_command_that_met_none_took_all_of_its_time() =>
        new CommandLatencies([Command(17, 29)], Faults).BeyondFaults.SlowestSeconds.ShouldBe(12);

    [Fact]
    public void Faults_on_end_are_one_outage()
    {
        var latencies = new CommandLatencies([Command(15, 16), Command(30, 30.5)], Faults);

        latencies.BesideFaultsAbove(TimeSpan.FromSeconds(5)).Commands.ShouldBe(1);
        latencies.BesideFaultsAbove(TimeSpan.FromSeconds(6)).Commands.ShouldBe(2);
    }

    private static FaultSpan Span(double began, double ended) => new(FaultKind.WorkerKilled, Ticks(began), Ticks(ended));

    private static SentCommand Command(double from, double to) => new() { Kind = CommandKind.Step, Key = null, Body = [], HasHeader = false, StartedAt = Ticks(from), Milliseconds = (to - from) * 1000 };

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
