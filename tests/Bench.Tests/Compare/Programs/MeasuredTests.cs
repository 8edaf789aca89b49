using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Tests.Compare.Programs;

public sealed class MeasuredTests
{
    private const int Self = 10;

    private static readonly ProcessStat[] Processes =
    [
        new(1, 0, "init", 1000),
        new(Self, 1, "dotnet", 1),
        new(11, Self, "dotnet", 2),
        new(12, 11, "dotnet", 4),
        new(13, Self, "sh", 8),
        new(14, 13, "beam.smp", 16),
        new(15, 13, "postgres", 32),
        new(16, 15, "postgres", 64),
        new(17, 1, "postgres", 5000),
    ];

    [Fact]
    public void What_a_program_started_is_an_environment_server() =>
        new Measured(new Dictionary<string, int> { ["worker"] = 11 }).Used(Processes, Self).ShouldBe(new Dictionary<string, double> { ["load"] = 10, ["worker"] = 20, ["environment"] = 40 }, ignoreOrder: true);

    [Fact]
    public void Broker_and_database_are_those_that_this_run_started() =>
        new Measured(new Dictionary<string, int>(), Broker: true, Database: true).Used(Processes, Self).ShouldBe(new Dictionary<string, double> { ["load"] = 10, ["rabbitmq"] = 160, ["postgres"] = 960 }, ignoreOrder: true);

    [Fact]
    public void A_line_of_the_kernel_is_read_whatever_the_program_is_called() =>
        ProcessStat.Parse("42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0 500 1000 10").ShouldBe(new ProcessStat(42, 7, "a (b) c", 110));

    [Fact]
    public void This_process_is_among_all_of_them() => ProcessStat.ReadAll().ShouldContain(process => process.Id == Environment.ProcessId);
}
