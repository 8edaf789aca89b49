using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Recovery;
using SandQueue.Workers.Recovery.Checkpoints;

namespace SandQueue.Workers.Instances;

/// <summary>
/// One instance at the one worker that owns it: where its episode stands, its connection into a container, and the
/// mailbox its commands go through one at a time. All but the mailbox is touched from within the mailbox only.
/// </summary>
internal sealed class InstanceOwner(Instance row, ContainerPool pool, string worker, TimeProvider time, ILogger<InstanceOwner> log)
{
    private readonly Mailbox _mailbox = new(log);
    private ContainerSlot? _slot;
    private int _connections;
    private string? _undeliveredEarly;
    private long _lastUsed = time.GetTimestamp();

    public long EpisodeId => row.EpisodeId;

    /// <summary>Whether the row is in the database: the instance lives, or is being made.</summary>
    public bool IsClaimed => row.EpisodeId != 0;

    public string Tenant => row.Tenant;

    public string InstanceId => row.InstanceId;

    public string TaskId => row.TaskId;

    public byte[] Params => row.Params;

    public string EnvType => row.EnvType;

    /// <summary>The instance's row; its key and epoch are set once it is claimed or taken over.</summary>
    public Instance Row => row;

    public int? MaxSteps => row.MaxSteps;

    public int Epoch => row.Epoch;

    public string Worker => worker;

    public ContainerPool Pool => pool;

    /// <summary>How often workers began on it since its episode last moved on.</summary>
    public int Attempts => row.Attempts;

    /// <summary>The number of the next step, from 1.</summary>
    public int NextStep { get; private set; } = row.NextStep;

    /// <summary>Why the episode ended; null while it goes on.</summary>
    public string? EndReason { get; private set; } = row.EndReason;

    /// <summary>Why the instance takes no commands any more, and in words; null while it lives.</summary>
    public (CommandReason Reason, string Detail)? Ended { get; private set; }

    /// <summary>This owner never came to own the instance; its commands have to find another.</summary>
    public bool Abandoned { get; private set; }

    /// <summary>The ids of the commands that took effect in this episode: sent again, they get their first answer.</summary>
    public HashSet<string> Recorded { get; } = new(StringComparer.Ordinal);

    /// <summary>The instance in its container; null where it has to be rebuilt from the journal first.</summary>
    public IEnvironmentInstance? Environment { get; private set; }

    /// <summary>The container ended after the last command, and the instance with it.</summary>
    public bool HasLostItsContainer => _slot?.Container.Exited.IsCancellationRequested == true;

    /// <summary>Whether the instance has that place.</summary>
    public bool IsIn(ContainerSlot slot) => ReferenceEquals(_slot, slot);

    /// <summary>Whether the instance has its container for itself.</summary>
    public bool IsIsolated => _slot?.IsIsolated == true;

    /// <summary>The rebuild that runs, or has ended and waits for a command; null where there is none.</summary>
    public RunningRebuild? Rebuild { get; set; }

    /// <summary>Rebuilds in a row that the environment did not survive.</summary>
    public int FailedRebuilds { get; set; }

    /// <summary>The step during which the container died or hung, by number and action; its next try is made alone.</summary>
    public (int Step, byte[] Action)? Suspect { get; set; }

    /// <summary>When the instance is put down next.</summary>
    public CheckpointPace Checkpoints { get; } = new();

    /// <summary>What its container runs; null where it has none.</summary>
    public string? ImageDigest => _slot?.Container.ImageDigest;

    /// <summary>The container it is in, if any.</summary>
    public IContainer? Container => _slot?.Container;

    /// <summary>The last step, for callers who send it again without saying so; null where none was taken here.</summary>
    public LastStep? LastStep
    {
        get;
        set
        {
            field = value;
            if (_undeliveredEarly is { } early) value?.Undelivered(early);
            _undeliveredEarly = null;
        }
    }

    /// <summary>Its last use, in Unix milliseconds.</summary>
    public long LastUsedAt => Now - (long)Idle.TotalMilliseconds;

    /// <summary>Its provenance, which evaluations repeat.</summary>
    public byte[] Provenance { get; private set; } = "{}"u8.ToArray();

    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    public bool TryPost(Func<Task> work) => _mailbox.TryPost(work);

    /// <summary>Posts work of the worker's own, which no number of commands keeps out.</summary>
    public void Post(Func<Task> work) => _mailbox.Post(work);

    /// <summary>Counts a command as use: the sweep leaves the instance alone for another while.</summary>
    public void Touch() => Volatile.Write(ref _lastUsed, time.GetTimestamp());

    /// <summary>
    /// A new name for the instance inside of a container. It differs with every takeover and every rebuild, so that what
    /// an earlier owner still sends can never reach it.
    /// </summary>
    public string NewInnerId() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"e{EpisodeId}-{Epoch}-{Interlocked.Increment(ref _connections)}");

    /// <summary>The caller of a command had hung up before the answer reached it. Word of that may overtake the command.</summary>
    public void Undelivered(string command)
    {
        if (LastStep?.Undelivered(command) != true) _undeliveredEarly = command;
    }

    /// <summary>Takes over a fresh instance and its place.</summary>
    public void Connect(ContainerSlot slot, IEnvironmentInstance environment, byte[] provenance)
    {
        Rebuild = null;
        _slot = slot;
        Environment = environment;
        Provenance = provenance;
    }

    /// <summary>Drops the instance in its container and gives its place back, and ends a rebuild that runs.</summary>
    public void Disconnect()
    {
        Rebuild?.Dispose();
        Rebuild = null;
        if (_slot is { } slot) Place.Free(Environment, slot);
        Environment = null;
        _slot = null;
    }

    /// <summary>Calls the environment, for at most as long as its settings allow.</summary>
    /// <exception cref="EnvironmentTimeoutException">It took longer.</exception>
    /// <exception cref="OperationCanceledException">The caller's time ran out first.</exception>
    public async Task<ReadOnlyMemory<byte>> CallAsync(EnvironmentAction call, CancellationToken cancellationToken)
    {
        var calls = _slot!.Calls;
        var failed = true;
        calls.Began();
        try
        {
            var answer = await pool.LimitedAsync(token => call(Environment!, token), cancellationToken);
            failed = false;
            return answer;
        }
        catch (EnvironmentRejectedException)
        {
            failed = false;
            throw;
        }
        finally
        {
            calls.Ended(failed);
        }
    }

    /// <summary>
    /// Drops an instance whose call failed: what the call did is unknown.
    /// </summary>
    /// <returns>Whether its container died or hung with it, and whether no other call can have been the reason.</returns>
    public (bool Broke, bool OnlySuspect) DropAfter(EnvironmentFailedException failure)
    {
        var hung = failure is EnvironmentTimeoutException;
        if (hung) _slot!.Quarantine();
        var outcome = (hung || HasLostItsContainer, _slot!.IsIsolated || _slot.Calls.Suspects == 1);
        Disconnect();
        return outcome;
    }

    /// <summary>The row as it is after an entry that changes nothing else.</summary>
    public InstanceProgress Unmoved() => new()
    {
        EpisodeId = EpisodeId,
        Epoch = Epoch,
        FromStep = NextStep,
        NextStep = NextStep,
        State = InstanceState.Live,
        EndReason = EndReason,
        LastUsedAt = Now,
    };

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A journal entry of this instance.</summary>
    public JournalEntry NewEntry(Command command, JournalKind kind) => new()
    {
        Tenant = command.Tenant,
        CommandId = command.CommandId,
        EpisodeId = EpisodeId,
        Kind = kind,
        End = CommandEnd.Completed,
        Worker = worker,
        Epoch = Epoch,
        RecordedAt = Now,
    };

    /// <summary>Starts where the row says the episode stands, after the row was taken over.</summary>
    public void TakenOver() => (NextStep, EndReason) = (row.NextStep, row.EndReason);

    /// <summary>
    /// Goes on where the journal says the episode stands: after a commit of unknown outcome that may be behind what was
    /// known here.
    /// </summary>
    public void Rebuilt(RebuiltInstance rebuilt)
    {
        (NextStep, EndReason) = (rebuilt.NextStep, rebuilt.EndReason);
        Recorded.UnionWith(rebuilt.Commands);
        Connect(rebuilt.Slot, rebuilt.Environment, rebuilt.Provenance);
    }

    /// <summary>Starts over with a row of its own, after the row that was taken over turned out to be nobody's.</summary>
    public void StartOver()
    {
        row.EpisodeId = 0;
        row.Epoch = 1;
        row.State = InstanceState.Creating;
        row.Owner = worker;
        row.CreatedAt = row.LastUsedAt = Now;
    }

    /// <summary>Moves on once a step is committed.</summary>
    public void Stepped(StepAnswer answer)
    {
        NextStep++;
        EndReason = answer.EndReason;
    }

    /// <summary>Nothing more runs on the instance.</summary>
    public void End(CommandReason reason, string detail)
    {
        Ended = (reason, detail);
        Disconnect();
    }

    /// <summary>Gives the instance up before it was owned.</summary>
    public void Abandon()
    {
        Abandoned = true;
        Disconnect();
    }
}
