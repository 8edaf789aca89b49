using SandQueue.Contracts;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Solution;

public sealed class SolveExecutionTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    private const string Solution = """{"messages":[{"role":"assistant","content":"so"}],"maximum":1.0}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_solution_is_answered_and_not_journaled()
    {
        await using var worker = await TestWorker.StartAsync(store);
        worker.Environment.Solution = Solution;
        await worker.CreateAsync();
        var command = worker.NewSolve();

        (await worker.SendAsync(command)).Text().ShouldBe(Solution);

        (await store.Episodes.FindCommandAsync(command.Tenant, command.CommandId, Cancel)).ShouldBeNull();
        (await worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task An_environment_without_solutions_refuses_and_its_instance_goes_on()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();

        var reply = await worker.SendAsync(worker.NewSolve());

        (reply.End, reply.Detail).ShouldBe((CommandEnd.Rejected, "the environment knows no solution"));
        (await worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task A_dead_container_is_replaced_for_a_solution_too()
    {
        await using var worker = await TestWorker.StartAsync(store);
        worker.Environment.Solution = Solution;
        await worker.CreateAsync();
        worker.Runtime.Running[^1].Exit();

        (await worker.SendAsync(worker.NewSolve())).End.ShouldBe(CommandEnd.Completed);
    }
}
