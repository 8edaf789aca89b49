using SandQueue.Contracts;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.AgentScope.Calls;

public sealed class CreateDeliveryTests
{
    private static readonly CreateInstance Create = new() { CommandId = "c", Tenant = "a", RemainingMs = 1_000, InstanceId = "i", EnvType = "bfcl", TaskId = "t", HasNoIdempotencyKey = true };

    [Fact]
    public async Task An_instance_whose_caller_hung_up_when_it_was_made_is_reported()
    {
        using var caller = new CancellationTokenSource();
        var router = new Router { Making = caller.Cancel };
        var written = false;

        await Should.ThrowAsync<OperationCanceledException>(() => new CreateDelivery(router).AnswerAsync(Create, _ => Task.FromResult(written = true), caller.Token));

        written.ShouldBeFalse();
        router.Undelivered.ShouldBe([Create]);
    }

    [Fact]
    public async Task An_instance_whose_caller_waits_is_answered()
    {
        var router = new Router();
        CommandOutcome? written = null;

        await new CreateDelivery(router).AnswerAsync(Create, outcome => Task.FromResult(written = outcome), TestContext.Current.CancellationToken);

        written.ShouldBeOfType<CommandOutcome.Unknown>();
        router.Undelivered.ShouldBeEmpty();
    }

    private sealed class Router : ICommandRouter
    {
        public Action Making { get; init; } = () => { };

        public List<CreateInstance> Undelivered { get; } = [];

        public Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken)
        {
            Making();
            return Task.FromResult<CommandOutcome>(new CommandOutcome.Unknown());
        }

        public void ReportUndelivered(CreateInstance command) => Undelivered.Add(command);

        public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
            where TCommand : InstanceCommand => throw new NotSupportedException();

        public Task ReportUndeliveredAsync(StepInstance command) => throw new NotSupportedException();
    }
}
