using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Transport;

namespace SandQueue.Client.Tests;

public sealed class CommandSenderTests : IAsyncLifetime
{
    private readonly HeldBus _bus = new();
    private readonly FakeTimeProvider _time = new();
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CommandSender Sender => _services.GetRequiredService<CommandSender>();

    private PendingCommands Pending => _services.GetRequiredService<PendingCommands>();

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddTransport(new TransportOptions(), bus => bus.AddReplyConsumer());
        services.AddCommandSender();
        services.AddSingleton(new MessageSender(_bus.Bus));
        _services = services.BuildServiceProvider();
        foreach (var hosted in _services.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Commands_of_one_kind_for_one_worker_travel_together_and_are_answered_alone()
    {
        var first = Sender.SendAsync("w", Commands.Release("1"), Cancel);
        Ids(await _bus.NextAsync(), "w").ShouldBe(["1"]);
        var others = Enumerable.Range(2, 5).Select(id => Sender.SendAsync("w", Commands.Release($"{id}"), Cancel)).ToList();
        _bus.Take();
        Ids(await _bus.NextAsync(), "w").ShouldBe(["2", "3", "4", "5", "6"]);
        _bus.Take();

        Pending.Complete(Commands.Completed("4"));

        (await others[2])!.CommandId.ShouldBe("4");
        first.IsCompleted.ShouldBeFalse();
        foreach (var id in (string[])["1", "2", "3", "5", "6"]) Pending.Complete(Commands.Completed(id));
        (await first)!.CommandId.ShouldBe("1");
    }

    [Fact]
    public async Task Workers_do_not_wait_for_each_others_sends()
    {
        var first = Sender.SendAsync("w1", Commands.Release("1"), Cancel);
        await _bus.NextAsync();
        var second = Sender.SendAsync("w2", Commands.Release("2"), Cancel);

        Ids(await _bus.NextAsync(), "w2").ShouldBe(["2"]);

        _bus.Take();
        _bus.Take();
        Pending.Complete(Commands.Completed("1"));
        Pending.Complete(Commands.Completed("2"));
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Creates_travel_alone()
    {
        var created = Enumerable.Range(1, 3).Select(id => Sender.SendAsync(Commands.Create($"{id}"), Cancel)).ToList();
        for (var id = 1; id <= 3; id++)
        {
            var (queue, message) = await _bus.NextAsync();
            queue.ShouldBe(QueueNames.Create("countdown"));
            message.ShouldBeOfType<CreateInstance>();
            _bus.Take();
            Pending.Complete(Commands.Completed($"{id}"));
        }

        (await Task.WhenAll(created)).Select(reply => reply!.CommandId).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_send_that_fails_fails_its_commands_and_no_later_one()
    {
        var first = Sender.SendAsync("w", Commands.Release("1"), Cancel);
        await _bus.NextAsync();
        _bus.Fail(new TimeoutException("the broker is away"));
        var failed = (await first)!;
        var second = Sender.SendAsync("w", Commands.Release("2"), Cancel);
        await _bus.NextAsync();
        _bus.Take();
        Pending.Complete(Commands.Completed("2"));

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Detail!.ShouldContain("the broker is away");
        (await second)!.End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_create_that_cannot_be_sent_fails()
    {
        var created = Sender.SendAsync(Commands.Create("1"), Cancel);
        await _bus.NextAsync();
        _bus.Fail(new TimeoutException("the broker is away"));

        var failed = (await created)!;

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Detail!.ShouldContain("the broker is away");
    }

    [Fact]
    public async Task A_command_without_an_answer_ends_with_its_time_and_without_a_claim()
    {
        var sent = Sender.SendAsync("w", Commands.Release("1", remainingMs: 5000), Cancel);
        await _bus.NextAsync();
        _bus.Take();

        _time.Advance(TimeSpan.FromSeconds(5));

        (await sent).ShouldBeNull();
    }

    [Fact]
    public async Task A_create_whose_send_hangs_ends_with_its_time_all_the_same()
    {
        var sent = Sender.SendAsync(Commands.Create("1", remainingMs: 5000), Cancel);
        await _bus.NextAsync();

        _time.Advance(TimeSpan.FromSeconds(5));

        (await sent.WaitAsync(TimeSpan.FromSeconds(5), Cancel)).ShouldBeNull();
        _bus.Take();
    }

    [Fact]
    public async Task What_is_sent_after_the_end_fails_at_once()
    {
        var first = Sender.SendAsync("w", Commands.Release("1"), Cancel);
        await _bus.NextAsync();
        _bus.Take();
        Pending.Complete(Commands.Completed("1"));
        await first;
        await Sender.DisposeAsync();

        (await Sender.SendAsync("w", Commands.Release("2"), Cancel))!.End.ShouldBe(CommandEnd.Failed);
    }

    private static IEnumerable<string> Ids((string Queue, object Message) sent, string queue)
    {
        sent.Queue.ShouldBe(queue);
        return sent.Message.ShouldBeOfType<Envelope<ReleaseInstance>>().Commands.Select(command => command.CommandId);
    }
}
