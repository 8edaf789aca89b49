using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Routing;

/// <summary>
/// Sends each command to where it is executed, and brings back its outcome. A message is only a hint: a command without a
/// reply is sent again under the same id, to whoever owns the instance then, until its time is over (<see cref="CommandResend"/>).
/// </summary>
internal sealed class CommandRouter(
    CommandSender sender, CommandResend resend, CommandExpiry expiry, CreateCancellation cancellation, OwnerCache owners, InstanceDirectory instances, FleetView fleet, CommandEnds ends, QueuedCreates queued)
    : ICommandRouter
{
    /// <summary>Of an attempt that sent the command: its end is not known yet.</summary>
    private static readonly Task<CommandReply?> NotKnown = Task.FromResult<CommandReply?>(null);

    public async Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        var path = new CreatePath();
        try
        {
            var reply = await resend.RunAsync(command, (attempt, history, limit) => SendCreateAsync(attempt, history, path, limit.Token), cancellationToken);
            if (!command.HasNoIdempotencyKey && reply is not null && IsReopened(reply)) reply = await expiry.ConfirmAsync(command, reply, cancellationToken);
            var outcome = await LearnAsync(command, reply, cancellationToken);

            // "Ask again under the same id" helps nobody who has none.
            if (outcome is CommandOutcome.Unknown && command.HasNoIdempotencyKey) cancellation.Begin(command, this);
            return outcome;
        }
        catch (OperationCanceledException) when (command.HasNoIdempotencyKey && cancellationToken.IsCancellationRequested)
        {
            cancellation.Begin(command, this);
            throw;
        }
        finally
        {
            if (path.TryLeave()) queued.Leave(command.EnvType);
        }
    }

    public async Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken)
    {
        var reply = await resend.RunAsync(
            command,
            async (attempt, _, limit) =>
            {
                if (await UnservedAsync(command, command.EnvType, limit.Token) is { } refused) return refused;
                sender.SendToEntry(command.EnvType, attempt);
                return null;
            },
            cancellationToken);
        return await OutcomeAsync(command, reply, cancellationToken);
    }

    public async Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        var reply = await resend.RunAsync<TCommand>(command, SendToOwnerAsync, cancellationToken);

        // It may be of another request under the same id, which was refused before: then this one would still take effect.
        if (reply is { End: CommandEnd.Rejected, Reason: CommandReason.InvalidRequest, Owner: not null }) reply = await expiry.ConfirmAsync(command, reply, cancellationToken);
        return await LearnAsync(command, reply, cancellationToken);
    }

    public void Together(Action send) => CommandSender.Together(send);

    public void ReportUndelivered(CreateInstance command)
    {
        if (command.HasNoIdempotencyKey) cancellation.Begin(command, this);
    }

    public async Task ReportUndeliveredAsync(StepInstance command)
    {
        var owner = owners.Find(command.Tenant, command.InstanceId)
            ?? (await instances.FindNewestAsync(command.Tenant, command.InstanceId, CancellationToken.None))?.Owner;
        if (owner is null) return;
        await sender.SendUndeliveredAsync(owner, new ResponseUndelivered { Tenant = command.Tenant, InstanceId = command.InstanceId, CommandId = command.CommandId });
    }

    /// <summary>
    /// A Create goes to a worker that has room, as far as is known, and else waits once in its environment's queue: sent again by a timer, its copies would be a full farm's own
    /// load. After an interval without a reply its end is looked up, and its owner is asked where one has begun on it. Where none has, and no queue that outlives a worker has it, that gets it.
    /// </summary>
    private async Task<CommandReply?> SendCreateAsync(CreateInstance command, AttemptHistory history, CreatePath path, CancellationToken cancellationToken)
    {
        if (!history.WasSent)
        {
            // Only before the first attempt: one that is said not to have been sent may have been all the same, and take effect.
            if (history.Attempts == 0 && (await RecordedAsync(command, cancellationToken) ?? await UnservedAsync(command, command.EnvType, cancellationToken)) is { } known) return known;
            if (history.Attempts == 0 && queued.Count(command.EnvType) < (fleet.KnownFreeSlots(command.EnvType) ?? 0) && fleet.FindRoom(command.EnvType) is { } worker)
            {
                path.IsDirect = true;
                sender.SendToWorker(worker, command);
            }
            else
            {
                SendToQueue(command, path, cancellationToken);
            }

            return null;
        }

        if (await ends.FindAsync(command, cancellationToken) is { } end) return end;
        var row = await instances.FindLivingAsync(command.Tenant, command.InstanceId, cancellationToken);
        if (row?.Owner is { } owner && await fleet.IsLivingAsync(owner, cancellationToken)) sender.SendToWorker(owner, command);
        else if (row is not null || path.IsDirect) SendToQueue(command, path, cancellationToken);
        return null;
    }

    private void SendToQueue(CreateInstance command, CreatePath path, CancellationToken cancellationToken)
    {
        if (path.TryEnter()) queued.Enter(command.EnvType);
        path.IsDirect = false;
        sender.SendCreate(command, cancellationToken);
    }

    /// <summary>What was made before needs no slot, and what found none before may find one now. Where the database is away, the worker looks.</summary>
    private async Task<CommandReply?> RecordedAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        if (command.HasNoIdempotencyKey) return null;
        try
        {
            return await ends.FindOrReopenAsync(command, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return null;
        }
    }

    /// <summary>Whether a reply brings an end that another attempt under the key lifts. What no worker answered was not sent, and needs no row.</summary>
    private static bool IsReopened(CommandReply reply) =>
        reply.End == CommandEnd.Rejected && (reply.Reason == CommandReason.NoCapacity || reply is { Reason: CommandReason.InvalidRequest, Owner: not null });

    /// <summary>To the owner that is remembered, else to the one that the database names; where none lives, to the environment's shared entry.</summary>
    private Task<CommandReply?> SendToOwnerAsync<TCommand>(TCommand command, AttemptHistory history, AttemptLimit limit)
        where TCommand : InstanceCommand
    {
        if (history.Attempts > 0 || owners.Find(command.Tenant, command.InstanceId) is not { } known || !fleet.IsKnownToLive(known)) return FindOwnerAsync(command, history, limit.Token);
        sender.SendToWorker(known, command);
        return NotKnown;
    }

    private async Task<CommandReply?> FindOwnerAsync<TCommand>(TCommand command, AttemptHistory history, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        if (history.Attempts > 0) owners.Forget(command.Tenant, command.InstanceId);
        else if (owners.Find(command.Tenant, command.InstanceId) is { } known && await fleet.IsLivingAsync(known, cancellationToken)) return SentTo(known, command);

        var row = await instances.FindNewestAsync(command.Tenant, command.InstanceId, cancellationToken);
        if (row is null) return CommandReply.Rejected(command, CommandReason.UnknownInstance, InstanceErrors.Unknown(command.InstanceId));
        if (row.EndedAt is not null)
        {
            // The very command may have ended it, in an attempt before this one.
            return await ends.FindAsync(command, cancellationToken)
                ?? await ends.FindRepeatedStepAsync(command, cancellationToken)
                ?? CommandReply.Rejected(command, InstanceErrors.Reason(row), InstanceErrors.Ended(row));
        }

        if (row.Owner is { } owner && await fleet.IsLivingAsync(owner, cancellationToken)) return SentTo(owner, command);
        if (row.Owner is { } name && await fleet.FindOtherVersionAsync(name, cancellationToken) is { } other)
        {
            return await ends.FindAsync(command, cancellationToken) ?? OtherVersion(command, other);
        }

        // The instance shows that the environment exists: its workers are away, which is no mistake of the caller's. What was sent before may
        // have taken effect, so that nothing but its end is an answer to it.
        if (!await fleet.ServesAsync(row.EnvType, cancellationToken)) return history.Attempts == 0 ? Unserved(command, row.EnvType) : null;
        sender.SendToEntry(row.EnvType, command);
        return null;
    }

    private CommandReply? SentTo<TCommand>(string worker, TCommand command)
        where TCommand : InstanceCommand
    {
        sender.SendToWorker(worker, command);
        return null;
    }

    private async Task<CommandOutcome> LearnAsync(InstanceCommand command, CommandReply? reply, CancellationToken cancellationToken)
    {
        if (reply is { Owner: { } owner } && command is not ReleaseInstance) owners.Remember(command.Tenant, command.InstanceId, owner);
        else owners.Forget(command.Tenant, command.InstanceId);
        return await OutcomeAsync(command, reply, cancellationToken);
    }

    private async Task<CommandOutcome> OutcomeAsync(Command command, CommandReply? reply, CancellationToken cancellationToken) =>
        CommandOutcome.Of(reply is { AnswerIsTooLarge: true } ? await expiry.FindTooLargeAsync(command, reply, cancellationToken) : reply);

    private static CommandReply Unserved(Command command, string environment) =>
        CommandReply.Rejected(command, CommandReason.NoCapacity, $"no living worker serves '{environment}' now; try again") with { Cause = FailureCause.Infrastructure };

    /// <returns>A refusal where no living worker serves the environment, else null.</returns>
    private async Task<CommandReply?> UnservedAsync(Command command, string environment, CancellationToken cancellationToken)
    {
        if (await fleet.ServesAsync(environment, cancellationToken)) return null;
        if (await fleet.KnowsAsync(environment, cancellationToken)) return Unserved(command, environment);

        var served = await fleet.EnvironmentsAsync(cancellationToken);
        return served.Count == 0
            ? CommandReply.Rejected(command, CommandReason.NoCapacity, "no worker is there to serve any environment; start one, and try again")
            : CommandReply.Rejected(command, CommandReason.InvalidRequest, $"unknown env_type '{environment}'; known are {string.Join(", ", served.Keys)}");
    }

    /// <summary>Not an end: the command is executed later, where a gateway of the worker's version sends it or once that worker has stopped.</summary>
    private static CommandReply OtherVersion(InstanceCommand command, Worker owner) =>
        CommandReply.Failed(command, InstanceErrors.OtherVersion(command.InstanceId, owner), CommandReason.OtherVersion);

    /// <summary>Which way a Create went.</summary>
    private sealed class CreatePath
    {
        /// <summary>0 before it went to the shared queue, 1 after that, 2 at its end.</summary>
        private int _queued;

        /// <summary>To one worker's own queue, which is lost with that worker, and to no other yet.</summary>
        public bool IsDirect { get; set; }

        /// <summary>It goes to the queue that the workers of its environment share.</summary>
        /// <returns>False where it has gone there before, or has come to its end: an attempt may outlive that.</returns>
        public bool TryEnter() => Interlocked.CompareExchange(ref _queued, 1, 0) == 0;

        /// <summary>It has come to its end.</summary>
        /// <returns>Whether it went to that queue.</returns>
        public bool TryLeave() => Interlocked.Exchange(ref _queued, 2) == 1;
    }
}
