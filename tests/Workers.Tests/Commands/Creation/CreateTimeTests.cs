using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Testing;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Creation;

/// <summary>A Create whose time runs out at a worker: it leaves nothing behind, and its sender says how it ended.</summary>
public sealed class CreateTimeTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _worker = await TestWorker.StartAsync(store, instances: 2, containers: 2);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task A_create_whose_container_does_not_start_in_time_takes_no_slot_and_its_sender_ends_it()
    {
        for (var index = 0; index < 2; index++) await _worker.CreateAsync($"i{index}");
        _worker.Runtime.Hold();
        var command = _worker.NewCreate("late") with { RemainingMs = 30_000 };
        var late = Take(command);
        await _worker.Runtime.AskedAsync(2);

        store.Time.Advance(TimeSpan.FromSeconds(30));

        await ShouldHaveNoEndAsync(command, late);
        _worker.Runtime.Go();
        (_worker.Pool.FreeSlots, _worker.Owned.Count).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_create_that_waits_for_a_container_goes_back_once_its_worker_drains()
    {
        for (var index = 0; index < 2; index++) await _worker.CreateAsync($"i{index}");
        _worker.Runtime.Hold();
        var command = _worker.NewCreate("waits");
        var waits = Take(command);
        await _worker.Runtime.AskedAsync(2);

        _worker.Get<DrainState>().Begin();
        store.Time.Advance(TimeSpan.FromMilliseconds(500));

        await ShouldHaveNoEndAsync(command, waits);
        _worker.Bus.Returned.ShouldContain(returned => returned.CommandId == command.CommandId);
        _worker.Runtime.Go();
    }

    [Fact]
    public async Task A_create_that_is_not_made_in_time_frees_its_name_and_slot_and_its_sender_ends_it()
    {
        var gate = new Gate();
        _worker.Environment.Creating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = _worker.NewCreate();
        var taken = Take(command);
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromMinutes(1));

        await ShouldHaveNoEndAsync(command, taken);
        (await _worker.RowAsync()).EndDetail.ShouldBe("was not made: its time ran out");
        _worker.Pool.FreeSlots.ShouldBe(4);
        gate.Open();
        (await _worker.SendAsync(_worker.NewCreate())).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_create_that_is_given_up_leaves_no_instance_in_the_server()
    {
        var gate = new Gate();
        _worker.Environment.Creating = (_, _) => gate.PassAsync(CancellationToken.None);
        var command = _worker.NewCreate();
        var taken = Take(command);
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromMinutes(1));

        await ShouldHaveNoEndAsync(command, taken, "its server is still at it");
        gate.Open();
        await Until.TrueAsync("made and released", () => Task.FromResult(_worker.Made is [{ IsReleased: true }]), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_copy_whose_time_is_over_does_not_end_the_create_that_was_sent_again_under_its_key()
    {
        var gate = new Gate();
        _worker.Environment.Creating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = _worker.NewCreate() with { RemainingMs = 10_000 };
        var copy = Take(command);
        await gate.Arrived;
        store.Time.Advance(TimeSpan.FromSeconds(10));
        await ShouldHaveNoEndAsync(command, copy);
        gate.Open();

        (await _worker.SendAsync(command with { RemainingMs = 60_000 })).End.ShouldBe(CommandEnd.Completed);
    }

    private Task Take(CreateInstance command) => _worker.Get<InstanceCreation>().CreateAsync(command, FakeBus.ReplyTo);

    private async Task ShouldHaveNoEndAsync(CreateInstance command, Task taken, string? why = null)
    {
        await taken.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        _worker.Bus.HasReply(command.CommandId).ShouldBeFalse(why);
        (await _worker.Get<CommandEnds>().FindAsync(command, Cancel)).ShouldBeNull(why);
    }
}
