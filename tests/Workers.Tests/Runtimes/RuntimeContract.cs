using System.Text;
using System.Text.Json;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.EnvironmentService;

namespace SandQueue.Workers.Tests.Runtimes;

/// <summary>What every runtime owes the pools that start containers with it.</summary>
public abstract class RuntimeContract(RuntimeFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly EnvironmentServiceProtocol _protocol = new(new EnvironmentOptions(), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_becomes_healthy_and_serves_its_environment()
    {
        await using var container = await StartAsync("countdown");

        using var description = JsonDocument.Parse(await _protocol.DescribeAsync(container, "countdown", Cancel));
        description.RootElement.GetProperty("env_type").GetString().ShouldBe("countdown");
        container.ImageDigest.ShouldMatch("^sha256:[0-9a-f]{64}$");
        container.Exited.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Containers_do_not_know_each_other()
    {
        await using var first = await StartAsync("faulty");
        await using var second = await StartAsync("faulty");
        first.Id.ShouldNotBe(second.Id);

        await CreateAsync(first, "same");
        await CreateAsync(second, "same");

        await Should.ThrowAsync<EnvironmentRejectedException>(CreateAsync(first, "same"));
    }

    [Fact]
    public async Task Its_memory_is_measured_as_long_as_it_runs()
    {
        var container = await StartAsync("faulty");
        (await container.MeasureMemoryAsync(Cancel))!.Value.ShouldBeInRange(1 << 20, 1 << 30);

        await container.DisposeAsync();

        (await container.MeasureMemoryAsync(Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task An_exit_is_noticed()
    {
        await using var container = await StartAsync("faulty");
        var exited = ExitOf(container);
        var instance = await CreateAsync(container, "i");

        await Should.ThrowAsync<EnvironmentFailedException>(instance.StepAsync("""{"content":"crash"}"""u8.ToArray(), default, Cancel));

        await exited.WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task A_call_that_goes_on_after_its_caller_gave_up_is_known()
    {
        await using var container = await StartAsync("faulty");
        var (obeys, ignores) = (await CreateAsync(container, "obeys"), await CreateAsync(container, "ignores"));
        await GiveUpAsync(container, obeys, "hang");
        await Until.TrueAsync("the call that obeys has ended", async () => await _protocol.FindLongestCallAsync(container, Cancel) < TimeSpan.FromMilliseconds(100), Limit);

        await GiveUpAsync(container, ignores, "ignore-cancellation");

        await Until.TrueAsync("the one that ignores it goes on", async () => await _protocol.FindLongestCallAsync(container, Cancel) > TimeSpan.FromSeconds(1), Limit);
    }

    [Fact]
    public async Task What_it_prints_is_kept()
    {
        await using var container = await StartAsync("faulty");
        var instance = await CreateAsync(container, "i");

        await Should.ThrowAsync<EnvironmentFailedException>(instance.StepAsync("""{"content":"throw"}"""u8.ToArray(), default, Cancel));

        await Until.TrueAsync(
            "what it printed is kept",
            () => Task.FromResult(container.LastOutput.Contains("the action asked for this exception", StringComparison.Ordinal)),
            Limit,
            () => container.LastOutput);
    }

    [Fact]
    public async Task The_end_of_a_container_leaves_nothing()
    {
        var container = await StartAsync("countdown");
        (await fixture.IsAnythingLeftAsync(container)).ShouldBeTrue();
        var exited = ExitOf(container);

        await container.DisposeAsync();

        await exited.WaitAsync(Limit, Cancel);
        (await fixture.IsAnythingLeftAsync(container)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_container_that_hangs_is_ended_all_the_same()
    {
        var container = await StartAsync("faulty");
        var instance = await CreateAsync(container, "i");
        using var given = new CancellationTokenSource();
        var step = instance.StepAsync("""{"content":"ignore-cancellation"}"""u8.ToArray(), default, given.Token);

        await container.DisposeAsync().AsTask().WaitAsync(Limit, Cancel);

        (await fixture.IsAnythingLeftAsync(container)).ShouldBeFalse();
        await Should.ThrowAsync<EnvironmentFailedException>(step);
    }

    [Fact]
    public async Task A_container_that_crashed_leaves_nothing_either()
    {
        var container = await StartAsync("faulty");
        var exited = ExitOf(container);
        var instance = await CreateAsync(container, "i");
        await Should.ThrowAsync<EnvironmentFailedException>(instance.StepAsync("""{"content":"crash"}"""u8.ToArray(), default, Cancel));
        await exited.WaitAsync(Limit, Cancel);

        await container.DisposeAsync();

        (await fixture.IsAnythingLeftAsync(container)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_ends_at_once_says_why()
    {
        await using var container = await fixture.Runtime.StartAsync("no_such_environment", new EnvironmentOptions(), Cancel);
        await ExitOf(container).WaitAsync(Limit, Cancel);
        container.LastOutput.ShouldContain("no_such_environment");
    }

    [Fact]
    public async Task A_start_that_was_given_up_starts_nothing()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => fixture.Runtime.StartAsync("countdown", new EnvironmentOptions(), given.Token));
    }

    private async Task GiveUpAsync(IContainer container, IEnvironmentInstance instance, string action)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var step = instance.StepAsync(Encoding.UTF8.GetBytes($$"""{"content":"{{action}}"}"""), default, limit.Token);

        // Longer than any other call here, the question included.
        await Until.TrueAsync("the call has begun", async () => await _protocol.FindLongestCallAsync(container, Cancel) > TimeSpan.FromMilliseconds(300), Limit);
        await limit.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(step);
    }

    private static Task ExitOf(IContainer container)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        container.Exited.Register(exited.SetResult);
        return exited.Task;
    }

    private async Task<IContainer> StartAsync(string environment)
    {
        // One that crashes would leave its runtime's debugging pipes in the temporary folder.
        var options = new EnvironmentOptions { Variables = { ["DOTNET_EnableDiagnostics"] = "0" } };
        var container = await fixture.Runtime.StartAsync(environment, options, Cancel);
        await _protocol.WaitUntilReadyAsync(container, Cancel).WaitAsync(Limit, Cancel);
        return container;
    }

    private Task<IEnvironmentInstance> CreateAsync(IContainer container, string innerId) =>
        _protocol.CreateAsync(container, new NewInstance("faulty", "plain", innerId, Encoding.UTF8.GetBytes("{}")), Cancel);
}
