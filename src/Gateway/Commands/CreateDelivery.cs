using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Commands;

/// <summary>Makes an instance and writes the answer; where the caller hung up before that, nobody may hold the instance.</summary>
internal sealed class CreateDelivery(ICommandRouter router)
{
    public async Task AnswerAsync(HttpContext context, CreateInstance create, Func<CommandOutcome, Task> write)
    {
        var outcome = await router.CreateAsync(create, context.RequestAborted);
        // With a name or a key the caller asks again.
        if (create.HasNoIdempotencyKey && context.IsCallerGone())
        {
            router.ReportUndelivered(create);
            context.RequestAborted.ThrowIfCancellationRequested();
            return;
        }

        await write(outcome);
    }
}
