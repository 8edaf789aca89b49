using SandQueue.Contracts;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Counts a command's remaining time on this machine's monotonic clock, from when the command arrived.</summary>
internal readonly struct CommandClock(Command command, TimeProvider time)
{
    private readonly long _arrived = time.GetTimestamp();

    /// <summary>When the command arrived, as a timestamp of the monotonic clock.</summary>
    public long ArrivedAt => _arrived;

    public TimeSpan Elapsed => time.GetElapsedTime(_arrived);

    public TimeSpan Left => TimeSpan.FromMilliseconds(command.RemainingMs) - Elapsed;
}
