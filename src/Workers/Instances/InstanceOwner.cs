using System.Globalization;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Instances;

/// <summary>
/// One instance at the one worker that owns it: its row, the mailbox its commands go through one at a time, where its episode stands,
/// and its connection to a container. All but the mailbox and the time of its last use is touched from within the mailbox only.
/// </summary>
internal sealed class InstanceOwner(Instance row, ContainerPool pool, string worker, TimeProvider time, ILogger<InstanceOwner> log)
{
    private int _connections;
    private long _lastUsed = time.GetTimestamp();

    /// <summary>The instance's row; its key and epoch are set once it is claimed or taken over.</summary>
    public Instance Row => row;

    public string InstanceId => row.InstanceId;

    public string Worker => worker;

    public ContainerPool Pool => pool;

    public Mailbox Mailbox { get; } = new(log);

    public EpisodePosition Position { get; } = new(row.MaxSteps);

    public EnvironmentConnection Connection { get; } = new();

    /// <summary>What recovery remembers of it; null where it never looked at it.</summary>
    public IRecoveryState? Recovery { get; set; }

    /// <summary>Whether the row is in the database: the instance lives, or is being made.</summary>
    public bool IsClaimed => row.EpisodeId != 0;

    /// <summary>The instance was released, lost or found diverged here; whether a command was executed before that is in the journal.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>This worker does not own the instance, or no longer; its commands have to find their owner.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether the instance lives and is this worker's.</summary>
    public bool IsLive => IsClaimed && !HasEnded && !IsAbandoned;

    /// <summary>How long it has not been used.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>Its last use, in Unix milliseconds.</summary>
    public long LastUsedAt => Now - (long)Idle.TotalMilliseconds;

    /// <summary>Unix milliseconds.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether a command came for it since it was made; where this worker took it over, one did.</summary>
    public bool WasUsed { get; private set; } = row.EpisodeId != 0;

    /// <summary>A command came for it that shows that somebody knows of it.</summary>
    public void Use()
    {
        WasUsed = true;
        Touch();
    }

    /// <summary>Counts a command as use: the sweep leaves the instance alone for another while.</summary>
    public void Touch() => Volatile.Write(ref _lastUsed, time.GetTimestamp());

    /// <summary>
    /// A new name for the instance inside of a container. It differs with every takeover and every rebuild, so that what
    /// an earlier owner still sends can never reach it.
    /// </summary>
    public string NewInnerId() => string.Create(CultureInfo.InvariantCulture, $"e{row.EpisodeId}-{row.Epoch}-{Interlocked.Increment(ref _connections)}");

    /// <summary>The row as it is after an entry that changes nothing else.</summary>
    public InstanceProgress Unmoved() => new()
    {
        EpisodeId = row.EpisodeId,
        Epoch = row.Epoch,
        FromStep = Position.NextStep,
        NextStep = Position.NextStep,
        State = InstanceState.Live,
        EndReason = Position.EndReason,
        LastUsedAt = Now,
    };

    /// <summary>A journal entry of this instance.</summary>
    public JournalEntry NewEntry(Command command, JournalKind kind) => new()
    {
        Tenant = command.Tenant,
        CommandId = command.CommandId,
        EpisodeId = row.EpisodeId,
        Kind = kind,
        End = CommandEnd.Completed,
        Worker = worker,
        Epoch = row.Epoch,
        RecordedAt = Now,
    };

    /// <summary>
    /// The entry of a command that gets the answer of another which it repeats. It is outside of the episode: this command too may be
    /// sent again, and the answer is its end whatever becomes of the instance.
    /// </summary>
    public JournalEntry NewRepetition(Command command, JournalKind kind, string repeated, byte[] answer)
    {
        var entry = NewEntry(command, kind);
        (entry.EpisodeId, entry.Detail, entry.Answer) = (null, $"the answer of {repeated}, which it repeats", answer);
        (entry.Action, entry.Params) = (CommandContent.Action(command), CommandContent.Params(command));
        return entry;
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

    /// <summary>Drops the instance in its container, and a rebuild that runs: the next command rebuilds it from the journal.</summary>
    public void Disconnect()
    {
        Recovery?.CancelRebuild();
        Connection.Drop();
    }

    /// <summary>Nothing more runs on the instance.</summary>
    public void End()
    {
        HasEnded = true;
        Disconnect();
    }

    /// <summary>Gives the instance up: its commands find their owner again.</summary>
    public void Abandon()
    {
        IsAbandoned = true;
        Disconnect();
    }
}
