using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Limits;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing;

/// <summary>Keeps every tenant within its limits, whatever door its commands come through, and shares out the queues of Creates among tenants.</summary>
/// <param name="router">Executes what is within the limits.</param>
/// <param name="limits">The limits.</param>
/// <param name="use">What the tenants use.</param>
/// <param name="turns">Whose Create is next.</param>
/// <param name="ends">Whether a Create was executed before.</param>
/// <param name="fleet">Whether an environment has room.</param>
/// <param name="time">The clock.</param>
internal sealed class LimitedRouter(
    ICommandRouter router, TenantLimits limits, TenantUse use, CreateTurns turns, CommandEnds ends, FleetView fleet, TimeProvider time) : ICommandRouter
{
    public async Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        if (use.Begin(command) is { } refused) return refused;
        try
        {
            return await use.AddInstanceAsync(command.Tenant, cancellationToken) is { } over ? over : await InTurnAsync(command, cancellationToken);
        }
        finally
        {
            use.End(command);
        }
    }

    public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) => CountedAsync(command, () => router.ListTasksAsync(command, cancellationToken));

    public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand => CountedAsync(command, () => router.SendAsync(command, cancellationToken));

    public Task ReportUndeliveredAsync(StepInstance command) => router.ReportUndeliveredAsync(command);

    public void ReportUndelivered(CreateInstance command) => router.ReportUndelivered(command);

    private async Task<CommandOutcome> CountedAsync(Command command, Func<Task<CommandOutcome>> run)
    {
        if (use.Begin(command) is { } refused) return refused;
        try
        {
            return await run();
        }
        finally
        {
            use.End(command);
        }
    }

    private async Task<CommandOutcome> InTurnAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        if (limits.CreatesAtOnce == 0) return await router.CreateAsync(command, cancellationToken);
        var began = time.GetTimestamp();
        if (!turns.TryBegin(command.Tenant, command.EnvType, Width))
        {
            if (await WasExecutedAsync(command, cancellationToken)) return await router.CreateAsync(command, cancellationToken);
            if (!await IsInTurnAsync(command, Width, cancellationToken)) return Late(command);
            command = command with { RemainingMs = command.RemainingMs - (int)time.GetElapsedTime(began).TotalMilliseconds };
        }

        try
        {
            return command.RemainingMs > 0 ? await router.CreateAsync(command, cancellationToken) : Late(command);
        }
        finally
        {
            turns.End(command.Tenant, command.EnvType, Width);
        }

        int Width() => IsFull(command) ? Math.Min(CreateTurns.WhenFull, limits.CreatesAtOnce) : limits.CreatesAtOnce;
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

    /// <summary>It was not sent anywhere, so there is nothing to record.</summary>
    private CommandOutcome Late(CreateInstance command)
    {
        var waiting = turns.Waiting(command.Tenant, command.EnvType);
        return IsFull(command)
            ? new CommandOutcome.Rejected(CommandReason.NoCapacity, $"no capacity: '{command.EnvType}' has no free slot, and {waiting} other Creates of this tenant wait; release instances, add workers, or try again")
            : new CommandOutcome.Expired($"the Create's time ran out before its turn came; {waiting} other Creates of this tenant wait for '{command.EnvType}'");
    }

    private bool IsFull(CreateInstance command) => fleet.KnownFreeSlots(command.EnvType) == 0;
}
