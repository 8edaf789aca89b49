using System.Collections.Concurrent;
using MassTransit;
using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Sending;

/// <summary>
/// Sends commands; their replies come to <see cref="PendingCommands"/>. Commands of one kind for one queue travel together; Creates
/// for the queue that workers share travel alone, so that each goes to a worker with a free slot; what goes to a worker in this process does not travel. A send does not wait: one that fails is told to whoever waits for the reply.
/// </summary>
internal sealed class CommandSender(IMessageSender messages, ReplyEndpoint replies, PendingCommands pending) : IAsyncDisposable
{
    /// <summary>What this thread sends together, by kind and queue; null where it does not.</summary>
    [ThreadStatic]
    private static Dictionary<(Type Kind, string Queue), IGathered>? _gathered;

    private readonly ConcurrentDictionary<Type, IAsyncDisposable> _own = new();
    private readonly ConcurrentDictionary<Type, IAsyncDisposable> _shared = new();

    /// <summary>A piece of <see cref="Together"/>.</summary>
    private interface IGathered
    {
        void Send();
    }

    /// <summary>Sends a command to the worker that owns its instance.</summary>
    public void SendToWorker<TCommand>(string worker, TCommand command)
        where TCommand : Command
    {
        var queue = QueueNames.Worker(worker);
        if (_gathered is { } gathered) Gather(gathered, queue, command);
        else if (!IsHandedOver(queue, command, static command => new Envelope<TCommand> { Commands = [command] })) Coalescer<TCommand>(_own, SendOwnAsync).Add(queue, command);
    }

    /// <summary>
    /// What <paramref name="send"/> sends to workers on its own thread leaves once it returns, in one message for each worker and kind of command. What others send meanwhile does not
    /// wait, and neither does what has to be looked up first.
    /// </summary>
    public static void Together(Action send)
    {
        if (_gathered is not null)
        {
            send();
            return;
        }

        var gathered = _gathered = [];
        try
        {
            send();
        }
        finally
        {
            _gathered = null;
            foreach (var commands in gathered.Values) commands.Send();
        }
    }

    /// <summary>Sends a command to the shared entry of an environment, where any worker that serves it takes it.</summary>
    public void SendToEntry<TCommand>(string environment, TCommand command)
        where TCommand : Command => Coalescer<TCommand>(_shared, SendSharedAsync).Add(QueueNames.Entry(environment), command);

    /// <summary>Sends a Create to the shared queue of its environment.</summary>
    /// <param name="command">The Create.</param>
    /// <param name="cancellationToken">Gives the send up; the command may have been sent all the same.</param>
    public void SendCreate(CreateInstance command, CancellationToken cancellationToken) => _ = SendCreateAsync(command, cancellationToken);

    /// <summary>Tells a worker that a step's caller was gone. Lost where the worker is: then nothing is known of the step there.</summary>
    public async Task SendUndeliveredAsync(string worker, ResponseUndelivered message)
    {
        try
        {
            await messages.SendOwnAsync(QueueNames.Worker(worker), message, replyTo: null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException or MassTransitException or OperationCanceledException)
        {
            // Said above.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var coalescer in _own.Values.Concat(_shared.Values)) await coalescer.DisposeAsync();
    }

    private void Gather<TCommand>(Dictionary<(Type Kind, string Queue), IGathered> gathered, string queue, TCommand command)
        where TCommand : Command
    {
        if (!gathered.TryGetValue((typeof(TCommand), queue), out var commands)) gathered.Add((typeof(TCommand), queue), commands = new Gathered<TCommand>(this, queue));
        ((Gathered<TCommand>)commands).Commands.Add(command);
    }

    private bool IsHandedOver<TItem, TCommand>(string queue, TItem item, Func<TItem, Envelope<TCommand>> envelope)
        where TCommand : Command => replies.Address is { } here && messages.TryHandOver(queue, item, envelope, here);

    private Coalescer<string, TCommand> Coalescer<TCommand>(ConcurrentDictionary<Type, IAsyncDisposable> kinds, Func<string, IReadOnlyList<TCommand>, Task> send)
        where TCommand : Command =>
        (Coalescer<string, TCommand>)kinds.GetOrAdd(typeof(TCommand), _ => new Coalescer<string, TCommand>(send, (_, commands, exception) =>
        {
            foreach (var unsent in commands) NotSent(unsent, exception);
        }));

    /// <summary>A command that is larger than a message may be is never sent; every other is sent again.</summary>
    private void NotSent(Command command, Exception exception)
    {
        if (exception is MessageTooLargeException) pending.Complete(CommandReply.Rejected(command, CommandReason.InvalidRequest, exception.Message));
        else pending.NotSent(command);
    }

    private async Task SendCreateAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        try
        {
            var lifetime = TimeSpan.FromMilliseconds(command.RemainingMs);
            await messages.SendSharedAsync(QueueNames.Create(command.EnvType), command, await replies.AddressAsync(), lifetime, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Its caller gave it up, or its time is over.
        }
        catch (Exception exception)
        {
            NotSent(command, exception);
        }
    }

    private async Task SendOwnAsync<TCommand>(string queue, IReadOnlyList<TCommand> commands)
        where TCommand : Command =>
        await messages.SendOwnAsync(queue, new Envelope<TCommand> { Commands = commands }, await replies.AddressAsync(), CancellationToken.None);

    private async Task SendSharedAsync<TCommand>(string queue, IReadOnlyList<TCommand> commands)
        where TCommand : Command =>
        await messages.SendSharedAsync(
            queue,
            new Envelope<TCommand> { Commands = commands },
            await replies.AddressAsync(),
            TimeSpan.FromMilliseconds(commands.Max(command => command.RemainingMs)),
            CancellationToken.None);

    private sealed class Gathered<TCommand>(CommandSender sender, string queue) : IGathered
        where TCommand : Command
    {
        public List<TCommand> Commands { get; } = [];

        public void Send()
        {
            if (!sender.IsHandedOver(queue, Commands, static commands => new Envelope<TCommand> { Commands = commands })) sender.Coalescer<TCommand>(sender._own, sender.SendOwnAsync).AddTogether(queue, Commands);
        }
    }
}
