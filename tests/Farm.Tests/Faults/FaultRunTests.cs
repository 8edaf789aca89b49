using SandQueue.FaultRuns;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests.Faults;

/// <summary>
/// The short form of <c>bench -- faults</c>: each kind of fault at least once, and not one promise broken. It has servers of its own,
/// which it stops and restarts.
/// </summary>
[Collection(typeof(OneAfterAnother))]
public sealed class FaultRunTests : IAsyncLifetime
{
    private readonly RabbitMqServer _rabbit = new();
    private readonly PostgresServer _postgres = new();

    private static readonly FaultRunOptions Small = new()
    {
        Duration = TimeSpan.FromSeconds(45),
        Seed = 20,
        Instances = 40,
        Clients = 16,
        Docker = false,
        Paired = 20,
        Pause = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)),
        Lease = TimeSpan.FromSeconds(8),
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _rabbit.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_farm_that_is_broken_all_the_time_loses_nothing_doubles_nothing_and_makes_no_reward_up()
    {
        Assert.SkipUnless(await _postgres.StartAsync(), _postgres.Missing ?? "");
        Assert.SkipUnless(await _rabbit.StartAsync(), _rabbit.Missing ?? "");
        Assert.SkipUnless(_rabbit.IsOurs && _postgres.IsOurs, "restarts broker and database, which named ones are not for");
        var happened = new List<string>();
        var run = new FaultRun(_rabbit, _postgres, Small, line =>
        {
            lock (happened) happened.Add(line);
        });

        var report = await run.RunAsync(TestContext.Current.CancellationToken);

        var all = $"{report.ToJson()}{Environment.NewLine}{string.Join(Environment.NewLine, happened)}";
        TestContext.Current.TestOutputHelper!.WriteLine(all);
        (report.Unanswered, report.Lost, report.Doubled, report.Fabricated, report.Diverged, report.ContainersLeft, report.HeldByNobody).ShouldBe((0, 0, 0, 0, 0, 0, 0), all);
        report.IsBroken.ShouldBeFalse(all);
        report.Commands.ShouldBe(report.Completed + report.Rejected + report.Expired + report.Failed);
        report.Recovered.ShouldBePositive(all);
        report.Verified.ShouldBe(report.Recovered, all);
        report.Paired.ShouldBe(Math.Min(Small.Paired, report.Verified), all);
        report.Steps.ShouldBePositive(all);
        report.Faults.Count.ShouldBe(15, all);
    }
}
