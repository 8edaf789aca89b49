using SandQueue.Contracts;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Description;

public sealed class DescribeExecutionTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_description_is_answered_and_not_journaled()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        var command = worker.NewDescribe();

        (await worker.SendAsync(command)).Text().ShouldBe("\"the tools\"");

        (await store.Episodes.FindCommandAsync(command.Tenant, command.CommandId, Cancel)).ShouldBeNull();
        (await worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task A_dead_container_is_replaced_for_a_description_too()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        worker.Runtime.Running[^1].Exit();

        (await worker.SendAsync(worker.NewDescribe())).End.ShouldBe(CommandEnd.Completed);
    }
}
