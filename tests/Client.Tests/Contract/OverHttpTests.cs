using SandQueue.Client.Tests.Servers;

namespace SandQueue.Client.Tests.Contract;

/// <summary>The client over HTTP, with the embedded program, and what it alone can read.</summary>
public sealed class OverHttpTests(EmbeddedProgram program) : ClientContract
{
    protected override async Task<int> PortAsync() => (await program.AddressAsync()).Port;

    protected override SandQueueClient Client(int port, SandQueueClientOptions? options) => SandQueueClient.OverHttp(new Uri($"http://127.0.0.1:{port}"), options: options);

    protected override async Task<SandQueueHttpClient> ReaderAsync() => SandQueueClient.OverHttp(await program.AddressAsync());

    [Fact]
    public async Task Environments_instances_episodes_and_ends_are_read()
    {
        await using var queue = await ReaderAsync();
        (await queue.ListEnvironmentsAsync(Cancel)).Select(environment => environment.EnvType).ShouldContain("frozenlake");
        await using var instance = await queue.CreateAsync("faulty", "plain", new() { InstanceId = $"a/b {Guid.NewGuid():n}" }, Cancel);
        var steps = new List<EpisodeStep>();
        for (var step = 0; step < 120; step++) steps.Add(await instance.StepAsync("count", cancellationToken: Cancel));
        await Should.ThrowAsync<SandQueueException>(() => instance.StepAsync("refuse", new() { CommandId = $"refused-{instance.InstanceId}" }, Cancel));

        var entries = await queue.ReadEpisodeAsync(instance.InstanceId, Cancel).ToListAsync(Cancel);
        entries.Select(entry => entry.Kind).ShouldBe(["create", .. Enumerable.Repeat("step", 120)]);
        entries.Skip(1).Select(entry => entry.CommandId).ShouldBe(steps.Select(step => step.CommandId));
        (await queue.ListInstancesAsync("faulty", "live", Cancel).FirstAsync(found => found.InstanceId == instance.InstanceId, Cancel)).TaskId.ShouldBe("plain");
        (await queue.FindInstanceAsync(instance.InstanceId, Cancel))!.Steps.ShouldBe(120);
        (await queue.FindInstanceAsync("nobody", Cancel)).ShouldBeNull();
        (await queue.FindCommandAsync(steps[3].CommandId, cancellationToken: Cancel))!.AsStep().Observation.ShouldStartWith("steps 4,");
        (await queue.FindCommandAsync($"refused-{instance.InstanceId}", cancellationToken: Cancel))!.Failure!.End.ShouldBe(CommandEnd.Rejected);
        (await queue.FindCommandAsync("none", TimeSpan.FromMilliseconds(10), Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_command_that_still_runs_has_no_end_yet()
    {
        await using var queue = await ReaderAsync();
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        var options = new StepOptions { CommandId = $"runs-{instance.InstanceId}" };
        var stepping = instance.StepAsync("hang 3s", options, Cancel);

        (await queue.FindCommandAsync(options.CommandId, cancellationToken: Cancel)).ShouldBeNull();
        (await queue.FindCommandAsync(options.CommandId, TimeSpan.FromSeconds(30), Cancel))!.AsStep().Number.ShouldBe(1);
        (await stepping).Number.ShouldBe(1);
    }

    [Fact]
    public async Task More_steps_than_a_request_may_have_go_in_several()
    {
        await using var queue = await ReaderAsync();
        var steps = Enumerable.Range(0, 300).Select(index => new StepRequest($"ghost-{index}", "left")).ToList();

        var results = await queue.StepAsync(steps, cancellationToken: Cancel);

        results.Select(result => result.InstanceId).ShouldBe(steps.Select(step => step.InstanceId));
        results.ShouldAllBe(result => result.Failure!.Code == ErrorCodes.UnknownInstance);
    }
}
