using SandQueue.Contracts;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Stepping;

/// <summary>Steps that a client sends again without saying so.</summary>
public sealed class UnkeyedRetriesTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task The_same_step_that_comes_while_the_first_runs_gets_the_first_ones_answer()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var first = _worker.SendAsync(Unkeyed("a"));
        await gate.Arrived;
        var again = Unkeyed("a");
        var second = _worker.SendAsync(again);
        store.Time.Advance(TimeSpan.FromMilliseconds(1));
        gate.Open();

        (await second).Answer.ShouldBe((await first).Answer);
        _worker.Made[0].Done.ShouldBe(["a"]);
        (await _worker.SendAsync(again)).Answer.ShouldBe((await first).Answer, "its gateway may send it again");
        (await _worker.StepAsync("b")).Step().ShouldBe(2);
        (await _worker.EpisodeAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Another_step_that_comes_meanwhile_is_one_of_its_own()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var first = _worker.SendAsync(Unkeyed("a"));
        await gate.Arrived;
        var others = (StepInstance[])[Unkeyed("b"), Unkeyed("a") with { Params = "{}"u8.ToArray() }, _worker.NewStep("a")];
        var sent = others.Select(_worker.SendAsync).ToList();
        store.Time.Advance(TimeSpan.FromMilliseconds(1));
        gate.Open();

        (await first).Step().ShouldBe(1);
        (await Task.WhenAll(sent)).Select(reply => reply.Step()).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task The_same_step_after_the_answer_is_a_new_one()
    {
        (await _worker.SendAsync(Unkeyed("a"))).Step().ShouldBe(1);
        (await _worker.SendAsync(Unkeyed("a"))).Step().ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_nobody_took_is_kept_for_the_same_step_once()
    {
        var first = Unkeyed("a");
        var answer = (await _worker.SendAsync(first)).Answer;
        Undelivered(first);

        (await _worker.SendAsync(Unkeyed("a"))).Answer.ShouldBe(answer);
        (await _worker.SendAsync(Unkeyed("a"))).Step().ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_nobody_took_is_not_given_to_another_step()
    {
        var first = Unkeyed("a");
        await _worker.SendAsync(first);
        Undelivered(first);

        (await _worker.SendAsync(Unkeyed("b"))).Step().ShouldBe(2);
        (await _worker.SendAsync(Unkeyed("a"))).Step().ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_was_given_again_and_found_nobody_again_is_still_kept()
    {
        var (first, second) = (Unkeyed("a"), Unkeyed("a"));
        var answer = (await _worker.SendAsync(first)).Answer;
        Undelivered(first);
        (await _worker.SendAsync(second)).Answer.ShouldBe(answer);
        Undelivered(second);

        (await _worker.SendAsync(Unkeyed("a"))).Answer.ShouldBe(answer);
        _worker.Made[0].Done.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Late_word_that_the_first_found_nobody_swallows_no_step_of_a_caller_who_has_the_answer()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var first = Unkeyed("a");
        var running = _worker.SendAsync(first);
        await gate.Arrived;
        var second = _worker.SendAsync(Unkeyed("a"));
        store.Time.Advance(TimeSpan.FromMilliseconds(1));
        gate.Open();
        (await second).Answer.ShouldBe((await running).Answer);

        Undelivered(first);

        (await _worker.SendAsync(Unkeyed("a"))).Step().ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_that_its_gateway_asked_for_again_is_not_kept_for_another_step()
    {
        var first = Unkeyed("a");
        var answer = (await _worker.SendAsync(first)).Answer;
        Undelivered(first);
        (await _worker.SendAsync(first)).Answer.ShouldBe(answer);

        (await _worker.SendAsync(Unkeyed("a"))).Step().ShouldBe(2);
    }

    private StepInstance Unkeyed(string action) => _worker.NewStep(action) with { HasNoIdempotencyKey = true };

    private void Undelivered(StepInstance step) => new ResponseUndeliveredConsumer(_worker.Owned).Keep(
        new ResponseUndelivered { Tenant = step.Tenant, InstanceId = step.InstanceId, CommandId = step.CommandId });
}
