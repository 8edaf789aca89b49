using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Catalogue;

public sealed class SharedToolsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingRouter _router = new();
    private readonly Lake _lake = new();
    private readonly SharedTools _shared;

    public SharedToolsTests()
    {
        var options = Options.Create(new GatewayOptions { CommandTimeout = TimeSpan.FromSeconds(30) });
        _router.Answer = _lake.AnswerAsync;
        _shared = new SharedTools(_router, new TaskLists(_router, options, _time), options, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _shared.Dispose();

    [Fact]
    public async Task Whoever_waits_for_a_look_that_takes_longer_than_a_command_may_is_told_to_ask_again()
    {
        var held = Hold();
        var first = _shared.FindAsync("mine", "lake", Cancel);
        var second = _shared.FindAsync("theirs", "lake", Cancel);

        _time.Advance(TimeSpan.FromSeconds(29));
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));

        var (tools, refused) = await second.WaitAsync(Limit, Cancel);
        tools.ShouldBeNull();
        refused.ShouldBe(new CommandOutcome.Rejected(CommandReason.NoCapacity, "the tools of 'lake' are being looked up, and that takes long; ask again later"));

        held.SetResult();
        (await first.WaitAsync(Limit, Cancel)).Tools!.Takes("move").ShouldBeTrue();
        (await _shared.FindAsync("theirs", "lake", Cancel)).Tools!.Takes("move").ShouldBeTrue("it is known now");
        _router.Sent.OfType<CreateInstance>().Count().ShouldBe(2, "who waited made nothing");
    }

    [Fact]
    public async Task No_environment_waits_for_the_look_at_another()
    {
        var held = Hold();
        var first = _shared.FindAsync("mine", "lake", Cancel);

        (await _shared.FindAsync("mine", "talk", Cancel).WaitAsync(Limit, Cancel)).Tools.ShouldNotBeNull();

        first.IsCompleted.ShouldBeFalse();
        held.SetResult();
        await first;
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nobodys_turn()
    {
        var held = Hold();
        var first = _shared.FindAsync("mine", "lake", Cancel);
        using var gone = new CancellationTokenSource();
        var second = _shared.FindAsync("mine", "lake", gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => second.WaitAsync(Limit, Cancel));
        held.SetResult();
        (await first.WaitAsync(Limit, Cancel)).Tools.ShouldNotBeNull();
    }

    /// <summary>Instances of <c>lake</c> are made once the result is set.</summary>
    private TaskCompletionSource Hold()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _router.Answer = async command =>
        {
            if (command is CreateInstance { EnvType: "lake" }) await held.Task;
            return await _lake.AnswerAsync(command);
        };
        return held;
    }
}
