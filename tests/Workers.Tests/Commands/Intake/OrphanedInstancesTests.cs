using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Intake;

/// <summary>Instances whose gateway died before it had the Create's answer.</summary>
public sealed class OrphanedInstancesTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private TestWorker _worker = null!;

    public async ValueTask InitializeAsync() => _worker = await TestWorker.StartAsync(store);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task One_that_nobody_can_ask_for_is_released()
    {
        await CreateForNobodyAsync(_worker.NewCreate() with { HasNoIdempotencyKey = true });

        await Until.TrueAsync("released", async () => (await LaterAsync()).State == InstanceState.Released, Limit);
        (await _worker.RowAsync()).EndDetail!.ShouldContain("gateway died before it had the answer");
        _worker.Owned.Count.ShouldBe(0);
    }

    [Fact]
    public async Task One_that_has_a_key_waits_for_who_asks_again()
    {
        var create = _worker.NewCreate();
        await CreateForNobodyAsync(create);
        var sent = _worker.Bus.NotSent;

        await Until.TrueAsync("the reply is given up", async () =>
        {
            await LaterAsync();
            var before = sent;
            sent = _worker.Bus.NotSent;
            return before == sent;
        }, Limit);

        _worker.Bus.IsSenderGone = false;
        (await _worker.SendAsync(create)).End.ShouldBe(CommandEnd.Completed);
        (await _worker.RowAsync()).State.ShouldBe(InstanceState.Live);
    }

    private async Task CreateForNobodyAsync(CreateInstance create)
    {
        _worker.Bus.IsSenderGone = true;
        await _worker.Get<InstanceCreation>().CreateAsync(create, FakeBus.ReplyTo);
        await Until.TrueAsync("not sent", () => Task.FromResult(_worker.Bus.NotSent > 0), Limit);
    }

    /// <summary>The row, a few seconds later.</summary>
    private async Task<Instance> LaterAsync()
    {
        store.Time.Advance(TimeSpan.FromSeconds(3));
        return await _worker.RowAsync();
    }
}
