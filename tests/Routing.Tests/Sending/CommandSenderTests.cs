using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Model;
using SandQueue.Transport;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Tests.Sending;

public sealed class CommandSenderTests : IAsyncLifetime
{
    private readonly FakeMessageSender _messages = FakeMessageSender.Held();
    private readonly FakeTimeProvider _time = new();
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CommandSender Sender => _services.GetRequiredService<CommandSender>();

    private PendingCommands Pending => _services.GetRequiredService<PendingCommands>();

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddTransport(new TransportOptions());
        services.AddSingleton<PendingCommands>().AddSingleton<CommandRepliesConsumer>().AddSingleton<ReplyEndpoint>().AddSingleton<CommandSender>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyEndpoint>());
        services.AddSingleton<IMessageSender>(_messages);
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
        var first = SendToWorkerAsync("w", Commands.Release("1"));
        Ids(await _messages.NextAsync(), QueueNames.Worker("w")).ShouldBe(["1"]);
        var others = Enumerable.Range(2, 5).Select(id => SendToWorkerAsync("w", Commands.Release($"{id}"))).ToList();
        _messages.Succeed();
        Ids(await _messages.NextAsync(), QueueNames.Worker("w")).ShouldBe(["2", "3", "4", "5", "6"]);
        _messages.Succeed();

        Pending.Complete(Commands.Completed("4"));

        (await others[2])!.CommandId.ShouldBe("4");
        first.IsCompleted.ShouldBeFalse();
        foreach (var id in (string[])["1", "2", "3", "5", "6"]) Pending.Complete(Commands.Completed(id));
        (await first)!.CommandId.ShouldBe("1");
    }

    [Fact]
    public async Task Workers_do_not_wait_for_each_others_sends()
    {
        var first = SendToWorkerAsync("w1", Commands.Release("1"));
        await _messages.NextAsync();
        var second = SendToWorkerAsync("w2", Commands.Release("2"));

        Ids(await _messages.NextAsync(), QueueNames.Worker("w2")).ShouldBe(["2"]);

        _messages.Succeed();
        _messages.Succeed();
        Pending.Complete(Commands.Completed("1"));
        Pending.Complete(Commands.Completed("2"));
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Creates_travel_alone()
    {
        var created = Enumerable.Range(1, 3).Select(id => SendAsync(Commands.Create($"{id}"), command => Sender.SendCreate(command, Cancel))).ToList();
        for (var id = 1; id <= 3; id++)
        {
            var (queue, message, _) = await _messages.NextAsync();
            queue.ShouldBe(QueueNames.Create("countdown"));
            message.ShouldBeOfType<CreateInstance>();
            _messages.Succeed();
            Pending.Complete(Commands.Completed($"{id}"));
        }

        (await Task.WhenAll(created)).Select(reply => reply!.CommandId).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Entries_and_workers_have_queues_of_their_own()
    {
        var sent = SendAsync(Commands.Release("1"), command => Sender.SendToEntry("bfcl", command));
        Ids(await _messages.NextAsync(), QueueNames.Entry("bfcl")).ShouldBe(["1"]);
        _messages.Succeed();
        Pending.Complete(Commands.Completed("1"));
        (await sent)!.CommandId.ShouldBe("1");
    }

    [Fact]
    public async Task A_send_that_fails_ends_its_waits_without_a_reply_and_no_later_ones()
    {
        var first = SendToWorkerAsync("w", Commands.Release("1"));
        await _messages.NextAsync();
        _messages.Fail(new TimeoutException("the broker is away"));
        (await first).ShouldBeNull();

        var second = SendToWorkerAsync("w", Commands.Release("2"));
        await _messages.NextAsync();
        _messages.Succeed();
        Pending.Complete(Commands.Completed("2"));
        (await second)!.End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_create_that_cannot_be_sent_ends_without_a_reply()
    {
        var created = SendAsync(Commands.Create("1"), command => Sender.SendCreate(command, Cancel));
        await _messages.NextAsync();
        _messages.Fail(new TimeoutException("the broker is away"));
        (await created).ShouldBeNull();
    }

    [Fact]
    public async Task A_command_without_an_answer_ends_with_its_time_and_without_a_claim()
    {
        var sent = SendToWorkerAsync("w", Commands.Release("1"), TimeSpan.FromSeconds(5));
        await _messages.NextAsync();
        _messages.Succeed();

        _time.Advance(TimeSpan.FromSeconds(5));

        (await sent).ShouldBeNull();
    }

    [Fact]
    public async Task A_create_whose_send_hangs_ends_with_its_time_all_the_same()
    {
        var sent = SendAsync(Commands.Create("1"), command => Sender.SendCreate(command, Cancel), TimeSpan.FromSeconds(5));
        await _messages.NextAsync();

        _time.Advance(TimeSpan.FromSeconds(5));

        (await sent.WaitAsync(TimeSpan.FromSeconds(5), Cancel)).ShouldBeNull();
        _messages.Succeed();
    }

    [Fact]
    public async Task What_is_sent_after_the_end_waits_for_nothing()
    {
        var first = SendToWorkerAsync("w", Commands.Release("1"));
        await _messages.NextAsync();
        _messages.Succeed();
        Pending.Complete(Commands.Completed("1"));
        await first;
        await Sender.DisposeAsync();

        (await SendToWorkerAsync("w", Commands.Release("2")).WaitAsync(TimeSpan.FromSeconds(10), Cancel)).ShouldBeNull();
    }

    private static IEnumerable<string> Ids(SentMessage sent, string queue)
    {
        sent.Destination.ShouldBe(queue);
        return sent.Message.ShouldBeOfType<Envelope<ReleaseInstance>>().Commands.Select(command => command.CommandId);
    }

    private Task<CommandReply?> SendToWorkerAsync(string worker, ReleaseInstance command, TimeSpan? timeout = null) =>
        SendAsync(command, release => Sender.SendToWorker(worker, release), timeout);

    /// <returns>The reply; null where the command could not be sent, or none came in time.</returns>
    private async Task<CommandReply?> SendAsync<TCommand>(TCommand command, Action<TCommand> send, TimeSpan? timeout = null)
        where TCommand : Command
    {
        using var pending = Pending.Join(command)!;
        var reply = pending.WaitAsync(timeout ?? Commands.Timeout, Cancel);
        send(command);
        return (await reply)?.Reply;
    }
}
