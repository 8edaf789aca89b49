using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Routing.Observation;
using SandQueue.Routing.Outcomes;
using SandQueue.Telemetry.Measures;
using SandQueue.Telemetry.Traces;

namespace SandQueue.Routing;

/// <summary>Measures and traces every command, whatever door it comes through: its caller's view, limits and resends included.</summary>
internal sealed class ObservedRouter(ICommandRouter router, WaitingCreates creates, KnownEnvironments environments, TimeProvider time) : ICommandRouter
{
    public async Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        using var waiting = creates.Begin(command.EnvType);
        return await ObserveAsync(command, router.CreateAsync, command.EnvType, cancellationToken);
    }

    public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) =>
        IsObserved ? ObserveAsync(command, router.ListTasksAsync, command.EnvType, cancellationToken) : router.ListTasksAsync(command, cancellationToken);

    public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand =>
        IsObserved ? ObserveAsync(command, router.SendAsync, named: null, cancellationToken) : router.SendAsync(command, cancellationToken);

    public void Together(Action send) => router.Together(send);

    public Task ReportUndeliveredAsync(StepInstance command) => router.ReportUndeliveredAsync(command);

    public void ReportUndelivered(CreateInstance command) => router.ReportUndelivered(command);

    private static bool IsObserved => CommandMeasures.AreRead || CommandTrace.IsRead;

    private async Task<CommandOutcome> ObserveAsync<TCommand>(
        TCommand command, Func<TCommand, CancellationToken, Task<CommandOutcome>> run, string? named, CancellationToken cancellationToken)
        where TCommand : Command
    {
        var began = time.GetTimestamp();
        using var span = CommandTrace.Send(command);
        CommandOutcome? outcome = null;
        try
        {
            return outcome = await run(span is null ? command : command with { TraceParent = span.Id, TraceState = span.TraceStateString }, cancellationToken);
        }
        finally
        {
            Ended(command, outcome, outcome?.Environment ?? (named is null ? null : environments.Label(named)), time.GetElapsedTime(began), span);
        }
    }

    /// <param name="command">The command.</param>
    /// <param name="outcome">Null where its caller gave it up, or the database could not be reached.</param>
    /// <param name="environment">Its environment, where that is known.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="span">Null where it is not traced.</param>
    private static void Ended(Command command, CommandOutcome? outcome, string? environment, TimeSpan duration, Activity? span)
    {
        var end = End(outcome);
        if (CommandMeasures.AreRead) CommandMeasures.Ended(command, environment, end, Cause(outcome), duration, (outcome as CommandOutcome.Completed)?.Timing);
        if (span is not null) CommandTrace.End(span, end, environment);
    }

    private static string End(CommandOutcome? outcome) => outcome switch
    {
        CommandOutcome.Completed => "completed",
        CommandOutcome.Rejected => "rejected",
        CommandOutcome.Failed => "failed",
        CommandOutcome.Expired => "expired",
        CommandOutcome.Cancelled => "cancelled",
        CommandOutcome.Unknown => "unknown",
        _ => "not_sent",
    };

    /// <summary>What was refused before it took effect was no step and no evaluation.</summary>
    private static string? Cause(CommandOutcome? outcome) => outcome switch
    {
        CommandOutcome.Failed { Cause: FailureCause.Agent } => "agent",
        CommandOutcome.Failed { Cause: FailureCause.Caller } => "caller",
        CommandOutcome.Failed or CommandOutcome.Expired or CommandOutcome.Unknown => "infrastructure",
        _ => null,
    };
}
