using SandQueue.Contracts;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Requests;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.Amqp;

/// <summary>Makes the batches that messages ask for. The answer is the batch as it is then.</summary>
internal sealed class AmqpBatches(BatchCreation batches, BatchDirectory directory)
{
    public async Task<CommandOutcome> CreateAsync(BatchCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var (batch, _) = await batches.CreateAsync(command.Tenant, command.Request, cancellationToken);
            var counts = await directory.CountAsync([batch], cancellationToken);
            return new CommandOutcome.Completed(BatchJson.Of(batch, counts[batch.Id]), new CommandTiming(0, 0, 0));
        }
        catch (RequestRefusedException exception)
        {
            return new CommandOutcome.Rejected(Reason(exception.Kind), exception.Message);
        }
    }

    private static CommandReason Reason(RefusalKind kind) => kind switch
    {
        RefusalKind.Conflict => CommandReason.Conflict,
        RefusalKind.OverLimit => CommandReason.OverLimit,
        RefusalKind.Unavailable => CommandReason.NoCapacity,
        _ => CommandReason.InvalidRequest,
    };
}
