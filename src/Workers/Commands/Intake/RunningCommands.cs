using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Telemetry.Measures;
using SandQueue.Telemetry.Traces;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// The commands that run in this worker. A slow one is sent again and again by a sender that cannot know whether it arrived: the copies
/// join it here, instead of each waiting in the mailbox to ask the journal for what the first has just answered.
/// </summary>
internal sealed class RunningCommands
{
    private readonly ConcurrentDictionary<(string Tenant, string CommandId), Running> _running = new();

    /// <summary>Runs a command, which its copies can join meanwhile.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Runs it to its reply; null where it came to no end here.</param>
    public async Task RunAsync(Command command, Func<Task<CommandReply?>> run)
    {
        using var span = CommandTrace.Receive(command);
        var running = new Running(command);
        var key = (command.Tenant, command.CommandId);
        _running.TryAdd(key, running);
        CommandReply? reply = null;
        try
        {
            reply = await run();
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(key, running));
            running.Ended.SetResult(reply);
            if (span is not null) CommandTrace.Replied(span, reply);
        }
    }

    /// <summary>Finds the same command where it runs already; another one under its id is not the same.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">Completes with the running one's reply, or null where that came to no end here.</param>
    public bool TryJoin(Command command, [NotNullWhen(true)] out Task<CommandReply?>? reply)
    {
        reply = _running.TryGetValue((command.Tenant, command.CommandId), out var running) && CommandContent.AreSame(running.Command, command) ? running.Ended.Task : null;
        if (reply is not null) CommandMeasures.CameAgain(command, "running");
        return reply is not null;
    }

    private sealed class Running(Command command)
    {
        public Command Command => command;

        public TaskCompletionSource<CommandReply?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
