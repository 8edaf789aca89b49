using Microsoft.AspNetCore.Http;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.RestV1.Commands;

namespace SandQueue.Gateway.Tests.RestV1.Commands;

public sealed class VectorDeliveryTests
{
    [Fact]
    public async Task Where_the_caller_hangs_up_before_the_answer_all_steps_without_a_key_are_reported_also_those_that_had_ended()
    {
        using var caller = new CancellationTokenSource();
        var router = new RecordingRouter();
        var never = new TaskCompletionSource<Routing.Outcomes.CommandOutcome>();
        router.Answer = command => command.CommandId == "slow" ? never.Task : Task.FromResult(RecordingRouter.Completed("1"));
        var steps = (StepInstance[])[Step("quick"), Step("slow"), Step("keyed") with { HasNoIdempotencyKey = false }];

        var answering = new VectorDelivery(new StepDelivery(router)).AnswerAsync(new DefaultHttpContext { RequestAborted = caller.Token }, steps);
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answering);
        router.Undelivered.Select(command => command.CommandId).ShouldBe(["quick", "slow"], ignoreOrder: true);
    }

    private static StepInstance Step(string id) => new() { CommandId = id, Tenant = "a", RemainingMs = 1_000, InstanceId = id, Action = [.. "{}"u8], HasNoIdempotencyKey = true };
}
