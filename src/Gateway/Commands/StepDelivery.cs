using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Commands;

/// <summary>Takes a step and writes its answer; where the caller hung up before that, says so, for a client without ids sends the step again.</summary>
internal sealed class StepDelivery(ICommandRouter router)
{
    public async Task AnswerAsync(StepInstance step, Func<CommandOutcome, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await router.SendAsync(step, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await write(outcome);
        }
        catch (OperationCanceledException) when (step.HasNoIdempotencyKey && cancellationToken.IsCancellationRequested)
        {
            await router.ReportUndeliveredAsync(step);
            throw;
        }
    }
}
