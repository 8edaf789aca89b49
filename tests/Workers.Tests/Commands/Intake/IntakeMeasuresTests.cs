using SandQueue.Contracts;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Intake;

/// <summary>What a worker measures of commands that come to it: those it had before, and those for instances of a dead worker.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class IntakeMeasuresTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    [Fact]
    public async Task A_command_that_joins_the_running_one_is_a_duplicate()
    {
        await using var worker = await NewWorkerAsync();
        var gate = new Gate();
        worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        using var duplicates = new Measured<long>("sandqueue.command.duplicate");
        var command = worker.NewStep("a");
        var first = worker.SendAsync(command);
        await gate.Arrived;
        var second = worker.SendAsync(command);
        gate.Open();

        await Task.WhenAll(first, second);

        duplicates.Labels.ShouldBe(["found=running verb=step"]);
    }

    [Fact]
    public async Task A_command_that_has_its_end_in_the_journal_is_a_duplicate_and_a_first_one_is_none()
    {
        await using var worker = await NewWorkerAsync();
        using var duplicates = new Measured<long>("sandqueue.command.duplicate");
        var command = worker.NewEvaluate();
        await worker.SendAsync(command);
        duplicates.Values.ShouldBeEmpty();

        await worker.SendAsync(command);

        duplicates.Labels.ShouldBe(["found=journal verb=evaluate"]);
    }

    [Fact]
    public async Task A_command_whose_instance_has_ended_since_is_a_duplicate_too()
    {
        await using var worker = await NewWorkerAsync();
        var command = worker.NewStep("a");
        await worker.SendAsync(command);
        (await worker.SendAsync(worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);
        using var duplicates = new Measured<long>("sandqueue.command.duplicate");

        (await worker.SendAsync(command)).End.ShouldBe(CommandEnd.Completed);

        duplicates.Labels.ShouldBe(["found=journal verb=step"]);
    }

    [Fact]
    public async Task An_instance_of_a_dead_worker_is_taken_over_once_and_rebuilt()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        await worker.CrashAsync();
        await using var next = await TestWorker.StartAsync(store);
        using var takeovers = new Measured<long>("sandqueue.lease.takeover");
        using var recoveries = new Measured<double>("sandqueue.recovery.duration");

        foreach (var action in (string[])["b", "c"]) (await next.SendAsync(worker.NewStep(action))).End.ShouldBe(CommandEnd.Completed);

        takeovers.Labels.ShouldBe(["environment=fake"]);
        recoveries.Labels.ShouldBe(["environment=fake outcome=proven"]);
    }

    private async Task<TestWorker> NewWorkerAsync()
    {
        var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        return worker;
    }
}
