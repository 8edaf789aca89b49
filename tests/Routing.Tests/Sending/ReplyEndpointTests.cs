using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Contracts;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Model;
using SandQueue.Transport;
using SandQueue.Transport.Endpoints;
using SandQueue.Transport.Receiving;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Tests.Sending;

public sealed class ReplyEndpointTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_goes_over_the_bus_and_its_reply_comes_back()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        services.AddTransport(new TransportOptions());
        services.AddSingleton<PendingCommands>().AddSingleton<CommandRepliesConsumer>().AddSingleton<ReplyEndpoint>().AddSingleton<CommandSender>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyEndpoint>());
        await using var provider = services.BuildServiceProvider();
        foreach (var hosted in provider.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
        await provider.GetRequiredService<EndpointConnector>().ConnectOwnAsync(QueueNames.Worker("w"), [new AnsweringWorker(provider.GetRequiredService<IMessageSender>())], TestContext.Current.CancellationToken);

        var sender = provider.GetRequiredService<CommandSender>();
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(id => SendAsync(Commands.Release($"{id}"))));

        replies.Select(reply => reply!.Detail).ShouldBe(Enumerable.Range(0, 100).Select(id => $"answer {id}"));
        foreach (var hosted in provider.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);

        async Task<CommandReply?> SendAsync(ReleaseInstance command)
        {
            using var pending = provider.GetRequiredService<PendingCommands>().Join(command)!;
            sender.SendToWorker("w", command);
            return (await pending.WaitAsync(Commands.Timeout, Cancel))?.Reply;
        }
    }

    [Fact]
    public async Task A_command_for_a_worker_in_the_same_process_is_handed_over_as_it_is()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        services.AddTransport(new TransportOptions());
        services.AddSingleton<PendingCommands>().AddSingleton<CommandRepliesConsumer>().AddSingleton<ReplyEndpoint>().AddSingleton<CommandSender>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplyEndpoint>());
        await using var provider = services.BuildServiceProvider();
        foreach (var hosted in provider.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
        var worker = new ReceivingWorker();
        await provider.GetRequiredService<EndpointConnector>().ConnectOwnAsync(QueueNames.Worker("w"), [worker], Cancel);
        var command = Commands.Release("here");

        provider.GetRequiredService<CommandSender>().SendToWorker("w", command);

        worker.Received.ShouldNotBeNull("it begins before the send returns").ShouldBeSameAs(command);
        foreach (var hosted in provider.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);
    }

    private sealed class ReceivingWorker : IReceiver<Envelope<ReleaseInstance>>
    {
        public ReleaseInstance? Received { get; private set; }

        public Task ReceiveAsync(Envelope<ReleaseInstance> message, Uri? replyTo, CancellationToken cancellationToken)
        {
            Received = message.Commands.Single();
            return Task.CompletedTask;
        }
    }

    private sealed class AnsweringWorker(IMessageSender messages) : IConsumer<Envelope<ReleaseInstance>>
    {
        public Task Consume(ConsumeContext<Envelope<ReleaseInstance>> context)
        {
            var replies = context.Message.Commands.Select(command => Commands.Completed(command.CommandId) with { Detail = $"answer {command.CommandId}" });
            return messages.ReplyAsync(context.ResponseAddress!, new CommandReplies { Replies = [.. replies] }, context.CancellationToken);
        }
    }
}
