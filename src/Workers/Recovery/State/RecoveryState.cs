using SandQueue.Contracts;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery.State;

/// <summary>What recovery remembers of an instance between its commands. Touched from within the owner's mailbox only.</summary>
internal sealed class RecoveryState : IRecoveryState
{
    /// <summary>The rebuild that runs, or has ended and waits for a command; null where there is none.</summary>
    public RunningRebuild? Rebuild { get; set; }

    /// <summary>Rebuilds in a row that the environment did not survive.</summary>
    public int FailedRebuilds { get; set; }

    /// <summary>The step that may kill or hang its container; null where there is none.</summary>
    public SuspectAction? Suspect { get; private set; }

    /// <summary>When the next checkpoint is saved.</summary>
    public CheckpointPace Checkpoints { get; } = new();

    public static RecoveryState Of(InstanceOwner owner) => (RecoveryState)(owner.Recovery ??= new RecoveryState());

    /// <summary>Whether a try of the same action before this command was cut off by the end of its container, or by its time.</summary>
    public bool IsSuspect(Command command, int number) => command is StepInstance step && Suspect?.Is(step, number) == true;

    /// <summary>Where the command is a step, it is suspect from now on.</summary>
    public void Suspects(Command command, int number)
    {
        if (command is StepInstance step) Suspect = new SuspectAction(step, number);
    }

    public void CancelRebuild()
    {
        Rebuild?.Dispose();
        Rebuild = null;
    }
}
