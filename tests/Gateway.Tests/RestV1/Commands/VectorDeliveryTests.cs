using Microsoft.AspNetCore.Http;
using SandQueue.Contracts;
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

        var answering = new VectorDelivery(router).AnswerAsync(new DefaultHttpContext { RequestAborted = caller.Token }, steps);
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answering);
        router.Undelivered.Select(command => command.CommandId).ShouldBe(["quick", "slow"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_steps_of_a_call_travel_together()
    {
        var router = new RecordingRouter();

        await new VectorDelivery(router).AnswerAsync(new DefaultHttpContext(), [Step("1"), Step("2"), Step("3")]);

        router.Together.ShouldBe([3]);
        router.Undelivered.ShouldBeEmpty();
    }

    private static StepInstance Step(string id) => new() { CommandId = id, Tenant = "a", RemainingMs = 1_000, InstanceId = id, Action = [.. "{}"u8], HasNoIdempotencyKey = true };
}
