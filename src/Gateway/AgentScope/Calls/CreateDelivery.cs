using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.Calls;

/// <summary>Makes an instance and writes the answer; where the caller hung up before that, nobody may hold the instance.</summary>
internal sealed class CreateDelivery(ICommandRouter router)
{
    public async Task AnswerAsync(CreateInstance create, Func<CommandOutcome, Task> write, CancellationToken cancellationToken)
    {
        var outcome = await router.CreateAsync(create, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            router.ReportUndelivered(create);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await write(outcome);
    }
}
