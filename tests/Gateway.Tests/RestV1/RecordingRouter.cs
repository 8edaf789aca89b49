using System.Collections.Concurrent;
using System.Text;
using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing.Sending;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>Answers commands as it is told, and remembers them.</summary>
internal sealed class RecordingRouter : ICommandRouter, ICommandsInFlight
{
    public ConcurrentQueue<Command> Sent { get; } = [];

    /// <summary>The commands that have no answer yet.</summary>
    public ConcurrentDictionary<string, Command> Running { get; } = [];

    public ConcurrentQueue<Command> Undelivered { get; } = [];

    /// <summary>How many commands came together, each time that some did.</summary>
    public ConcurrentQueue<int> Together { get; } = [];

    public Func<Command, Task<CommandOutcome>> Answer { get; set; } = command => Task.FromResult(Completed(command is ListTasks ? "[\"a\",\"b\"]" : "{}"));

    /// <summary>Whether a command that is under way ends as it would have, though its caller has gone.</summary>
    public bool IgnoresHangUps { get; set; }

    public static CommandOutcome Completed(string answer) => new CommandOutcome.Completed(Encoding.UTF8.GetBytes(answer), new CommandTiming(0, 0, 0));

    public Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken) => RunAsync(command, cancellationToken);

    public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) => RunAsync(command, cancellationToken);

    public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand => RunAsync(command, cancellationToken);

    void ICommandRouter.Together(Action send)
    {
        var before = Sent.Count;
        send();
        Together.Enqueue(Sent.Count - before);
    }

    public Command? Find(string tenant, string commandId) => Running.GetValueOrDefault(commandId) is { } command && command.Tenant == tenant ? command : null;

    public void ReportUndelivered(CreateInstance command) => Undelivered.Enqueue(command);

    public Task ReportUndeliveredAsync(StepInstance command)
    {
        Undelivered.Enqueue(command);
        return Task.CompletedTask;
    }

    private async Task<CommandOutcome> RunAsync(Command command, CancellationToken cancellationToken)
    {
        Sent.Enqueue(command);
        Running[command.CommandId] = command;
        try
        {
            return await Answer(command).WaitAsync(IgnoresHangUps ? CancellationToken.None : cancellationToken);
        }
        finally
        {
            Running.TryRemove(command.CommandId, out _);
        }
    }
}
