using MassTransit;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Batches;

/// <summary>Takes requests for lanes. A request is acknowledged once its lane has claimed a rollout: from then on the database knows who has it.</summary>
internal sealed class PlayRolloutsConsumer(RolloutLanes lanes) : IConsumer<PlayRollouts>
{
    public Task Consume(ConsumeContext<PlayRollouts> context) => lanes.TakeAsync(context.Message.Batch);
}
