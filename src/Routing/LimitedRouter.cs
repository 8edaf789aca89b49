using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Limits;
using SandQueue.Routing.Observation.Latency;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing;

/// <summary>Keeps every tenant within its limits, whatever door its commands come through, and shares out the queues of Creates among tenants.</summary>
/// <param name="router">Executes what is within the limits.</param>
/// <param name="limits">The limits.</param>
/// <param name="use">What the tenants use.</param>
/// <param name="journal">What they have in the journal.</param>
/// <param name="turns">Whose Create is next.</param>
/// <param name="ends">Whether a Create was executed before.</param>
/// <param name="expiry">Ends a Create whose turn did not come in time.</param>
/// <param name="fleet">Whether an environment has room.</param>
/// <param name="latency">Told how long each took: here, where a step has to be awaited anyway, for one more await would cost more than the counting.</param>
/// <param name="time">The clock.</param>
internal sealed class LimitedRouter(
    ICommandRouter router, TenantLimits limits, TenantUse use, JournalUse journal, CreateTurns turns, CommandEnds ends, CommandExpiry expiry, FleetView fleet, CommandLatency latency, TimeProvider time) : ICommandRouter
{
    public async Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        CommandOutcome? outcome = null;
        try
        {
            return outcome = use.Begin(command) ?? await CreateWithinAsync(command, cancellationToken);
        }
        finally
        {
            latency.Ended(command, outcome, began);
        }
    }

    public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) => CountedAsync(command, () => router.ListTasksAsync(command, cancellationToken));

    public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand => CountedAsync(command, async () =>
    {
        if (command is ReleaseInstance) return await ReleaseAsync(command, cancellationToken);
        if (command is not StepInstance step || await journal.FindOverAsync(step.Tenant, cancellationToken) is not { } over) return await router.SendAsync(command, cancellationToken);
        return await WasTakenAsync(step, cancellationToken) ? await router.SendAsync(command, cancellationToken) : over;
    });

    public void Together(Action send) => router.Together(send);

    public Task ReportUndeliveredAsync(StepInstance command) => router.ReportUndeliveredAsync(command);

    public void ReportUndelivered(CreateInstance command) => router.ReportUndelivered(command);

    private async Task<CommandOutcome> CreateWithinAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        try
        {
            var over = await journal.FindOverAsync(command.Tenant, cancellationToken) ?? await use.AddInstanceAsync(command.Tenant, cancellationToken);
            if (over is null) return await InTurnAsync(command, cancellationToken);

            // One that took the last place, or wrote the last bytes, and is sent again has its instance already.
            return await WasExecutedAsync(command, cancellationToken) ? await router.CreateAsync(command, cancellationToken) : over;
        }
        finally
        {
            use.End(command);
        }
    }

    private async Task<CommandOutcome> ReleaseAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        var outcome = await router.SendAsync(command, cancellationToken);
        if (outcome is CommandOutcome.Completed) use.RemoveInstance(command.Tenant);
        return outcome;
    }

    private async Task<CommandOutcome> CountedAsync(Command command, Func<Task<CommandOutcome>> run)
    {
        var began = time.GetTimestamp();
        CommandOutcome? outcome = use.Begin(command);
        if (outcome is not null)
        {
            latency.Ended(command, outcome, began);
            return outcome;
        }

        try
        {
            return outcome = await run();
        }
        finally
        {
            use.End(command);
            latency.Ended(command, outcome, began);
        }
    }

    private async Task<CommandOutcome> InTurnAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        var most = limits.Of(command.Tenant).CreatesAtOnce;
        if (most == 0) return await router.CreateAsync(command, cancellationToken);
        var began = time.GetTimestamp();
        if (!turns.TryBegin(command.Tenant, command.EnvType, Width))
        {
            if (await WasExecutedAsync(command, cancellationToken)) return await router.CreateAsync(command, cancellationToken);
            if (!await IsInTurnAsync(command, Width, cancellationToken)) return await LateAsync(command, cancellationToken);
            command = command with { RemainingMs = command.RemainingMs - (int)time.GetElapsedTime(began).TotalMilliseconds };
        }

        try
        {
            return command.RemainingMs > 0 ? await router.CreateAsync(command, cancellationToken) : await LateAsync(command, cancellationToken);
        }
        finally
        {
            turns.End(command.Tenant, command.EnvType, Width);
        }

        int Width() => IsFull(command) ? Math.Min(CreateTurns.WhenFull, most) : most;
    }

    /// <summary>Waits for a turn.</summary>
    /// <returns>False where the Create's time is over before.</returns>
    private async Task<bool> IsInTurnAsync(CreateInstance command, Func<int> width, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(command.RemainingMs), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await turns.BeginAsync(command.Tenant, command.EnvType, width, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whoever sends a Create again that was executed waits behind nobody: its answer is in the journal.</summary>
    private async Task<bool> WasExecutedAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        if (command.HasNoIdempotencyKey) return false;
        try
        {
            return await ends.FindAsync(command, cancellationToken) is { End: CommandEnd.Completed };
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return false;
        }
    }

    /// <summary>Whether a step is in the journal already: its answer adds nothing to it.</summary>
    private async Task<bool> WasTakenAsync(StepInstance command, CancellationToken cancellationToken)
    {
        try
        {
            return await ends.FindAsync(command, cancellationToken) is { End: CommandEnd.Completed } || await ends.FindRepeatedStepAsync(command, cancellationToken) is not null;
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return false;
        }
    }

    /// <summary>
    /// Its end is written as that of one which waited in the queue: a copy of it that another gateway has sent may still wait there, and must not take
    /// effect after its caller was told that it has not.
    /// </summary>
    private async Task<CommandOutcome> LateAsync(CreateInstance command, CancellationToken cancellationToken) =>
        CommandOutcome.Of(await expiry.ExpireAsync(command, cancellationToken));

    private bool IsFull(CreateInstance command) => fleet.KnownFreeSlots(command.EnvType) == 0;
}
