using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Serving;

namespace SandQueue.Environments.Tests.Serving;

public sealed class InstanceTableTests
{
    private readonly InstanceTable _table = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_on_one_instance_run_one_at_a_time()
    {
        _table.Add("i", new Probe());
        var (running, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _table.UseAsync("i", _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Interlocked.Decrement(ref running);
            return 0;
        }, Cancel).AsTask())));

        most.ShouldBe(1);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_what_came_second_is_freed()
    {
        var (first, second) = (new Probe(), new Probe());
        _table.Add("i", first);

        Should.Throw<InvalidRequestException>(() => _table.Add("i", second)).Message.ShouldContain("'i'");

        (first.IsDisposed, second.IsDisposed).ShouldBe((false, true));
        (await _table.UseAsync("i", instance => instance, Cancel)).ShouldBe(first);
    }

    [Fact]
    public async Task What_is_removed_is_unknown_at_once_and_freed_when_its_call_ends()
    {
        var probe = new Probe();
        _table.Add("i", probe);
        using var running = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var call = Task.Run(() => _table.UseAsync("i", _ =>
        {
            running.Set();
            end.Wait(Cancel);
            return probe.IsDisposed;
        }, Cancel).AsTask());
        running.Wait(Cancel);

        _table.Remove("i").ShouldBeTrue();

        _table.Remove("i").ShouldBeFalse();
        await Should.ThrowAsync<InvalidRequestException>(_table.UseAsync("i", _ => 0, Cancel).AsTask());
        _table.Count.ShouldBe(0);
        end.Set();
        (await call).ShouldBeFalse();
        await probe.Disposed.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_call_that_waits_while_its_instance_is_removed_finds_it_gone_even_where_the_release_fails()
    {
        var probe = new Probe { FailsToEnd = true };
        _table.Add("i", probe);
        using var running = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var call = Task.Run(() => _table.UseAsync("i", _ =>
        {
            running.Set();
            end.Wait(Cancel);
            return 0;
        }, Cancel).AsTask());
        running.Wait(Cancel);
        var ahead = _table.UseAsync("i", _ => 1, Cancel).AsTask();
        _table.Remove("i");

        end.Set();

        await call;
        (await ahead.WaitAsync(TimeSpan.FromSeconds(10), Cancel)).ShouldBe(1);
        await probe.Disposed.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_call_that_throws_leaves_the_instance_to_the_next()
    {
        _table.Add("i", new Probe());
        await Should.ThrowAsync<FormatException>(_table.UseAsync<int>("i", _ => throw new FormatException(), Cancel).AsTask());
        (await _table.UseAsync("i", _ => 1, Cancel)).ShouldBe(1);
    }

    private sealed class Probe : IInstance
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool FailsToEnd { get; init; }

        public bool IsDisposed => _disposed.Task.IsCompleted;

        public Task Disposed => _disposed.Task;

        public Opening Opening => throw new NotSupportedException();

        public StepResult Step(AgentAction action, CancellationToken cancel) => throw new NotSupportedException();

        public Evaluation Evaluate(JsonElement parameters) => throw new NotSupportedException();

        public string Describe() => throw new NotSupportedException();

        public void Dispose()
        {
            _disposed.TrySetResult();
            if (FailsToEnd) throw new InvalidOperationException("the release fails");
        }
    }
}
