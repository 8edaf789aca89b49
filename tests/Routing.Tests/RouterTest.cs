using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing.Sending;
using SandQueue.Routing.Tests.Sending;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Transport;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Tests;

/// <summary>A router on a journal in a file, with two workers that live and a sender that shows what is sent.</summary>
public abstract class RouterTest : IAsyncLifetime
{
    private int _timersWhenSent;

    private protected GatewayStore Store { get; } = new();
    private protected FakeMessageSender Messages { get; } = new();
    private protected ServiceProvider Services { get; private set; } = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Without the limits of tenants, which have tests of their own.</summary>
    private protected ICommandRouter Router => Services.GetRequiredService<CommandRouter>();

    public async ValueTask InitializeAsync()
    {
        await Store.InitializeAsync();
        Messages.Begun = () => Volatile.Write(ref _timersWhenSent, Store.Time.Timers);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Store.Time);
        services.AddSingleton(Store.Get<WorkerDirectory>()).AddSingleton(Store.Get<InstanceDirectory>());
        services.AddSingleton(Store.Get<CommandEnds>());
        services.AddTransport(new TransportOptions());
        services.AddCommandRouter().AddSingleton<IMessageSender>(Messages);
        Services = services.BuildServiceProvider();
        foreach (var hosted in Services.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
        await Store.RegisterAsync("w1", GatewayStore.Describe("bfcl", "webshop"));
        await Store.RegisterAsync("w2", GatewayStore.Describe("bfcl"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in Services.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);
        await Services.DisposeAsync();
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<CommandReply?> EndAsync(Command command) => Store.Get<CommandEnds>().FindAsync(command, Cancel);

    /// <summary>Lets an interval pass, and returns when the router waits for the next: for its command's time, and for the reply.</summary>
    private protected async Task PassAsync(TimeSpan interval)
    {
        var before = Store.Time.Timers;
        Store.Time.Advance(interval);
        await Until.TrueAsync("the router waits again", () => Task.FromResult(Store.Time.Timers >= before + 2), TimeSpan.FromSeconds(20));
    }

    /// <summary>
    /// Lets seconds pass until the router has made two more attempts, each with a wait for the command's time and one for the reply. How many
    /// pauses lie between attempts that fail at once is not known, so time goes on in small steps.
    /// </summary>
    private protected async Task LookAgainAsync()
    {
        var before = Store.Time.Timers;
        await Until.TrueAsync(
            "the router looks again",
            () =>
            {
                Store.Time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(Store.Time.Timers >= before + 6);
            },
            TimeSpan.FromSeconds(20));
    }

    private protected static string NewId() => Guid.NewGuid().ToString("n");

    private protected static CreateInstance Create(string environment) =>
        new() { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, InstanceId = "made", EnvType = environment, TaskId = "t" };

    /// <summary>The next command that is sent, and its queue. None of these tests sends two at once.</summary>
    private protected async Task<(string Queue, Command Command)> NextAsync()
    {
        var sent = await Messages.NextAsync();
        return (sent.Destination, sent.Message switch
        {
            Envelope<StepInstance> envelope => envelope.Commands.Single(),
            Envelope<CreateInstance> envelope => envelope.Commands.Single(),
            Envelope<ReleaseInstance> envelope => envelope.Commands.Single(),
            Envelope<ListTasks> envelope => envelope.Commands.Single(),
            var command => (Command)command,
        });
    }

    /// <summary>The same, once the router waits for the reply: time that passes before is not noticed.</summary>
    private protected async Task<(string Queue, Command Command)> NextAwaitedAsync()
    {
        var next = await NextAsync();
        await Until.TrueAsync("the router waits for the reply", () => Store.Time.Timers > Volatile.Read(ref _timersWhenSent), TimeSpan.FromSeconds(20));
        return next;
    }

    /// <summary>The queue is gone for the next message, and there again for those after it.</summary>
    private protected void FailOnce(string queue) => Messages.Sending = sent =>
    {
        if (sent.Destination != queue) return Task.CompletedTask;
        Messages.Sending = _ => Task.CompletedTask;
        return Task.FromException(new MessageReturnedException("the queue is gone"));
    };

    private protected static Task<CommandOutcome> SoonAsync(Task<CommandOutcome> reply) => reply.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

    private protected Task RegisterLaterVersionAsync() => Store.RegisterAsync("later", GatewayStore.Describe("bfcl"), contract: QueueNames.ContractVersion + 1);

    private protected Task<CommandOutcome> SendAsync(string instanceId, int remainingMs = 20_000, string? commandId = null) => Router.SendAsync(
        new StepInstance { CommandId = commandId ?? NewId(), Tenant = "a", RemainingMs = remainingMs, InstanceId = instanceId, Action = [] },
        Cancel);

    private protected async Task AskAsync(Task<CommandOutcome> sent, string queue, string owner)
    {
        var (to, command) = await NextAsync();
        to.ShouldBe(queue);
        Reply(command, owner);
        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    private protected void Reply(Command command, string? owner) => Services.GetRequiredService<PendingCommands>().Complete(
        new CommandReply { CommandId = command.CommandId, Tenant = command.Tenant, End = CommandEnd.Completed, Owner = owner });

    private protected async Task<Instance> ClaimAsync(string instanceId, string owner)
    {
        var row = new Instance { Tenant = "a", InstanceId = instanceId, EnvType = "bfcl", TaskId = "t", Params = [], State = InstanceState.Live, Owner = owner, Epoch = 1 };
        (await Store.Get<InstanceDirectory>().ClaimAsync(row, Cancel)).ShouldBeNull();
        return row;
    }
}
