namespace SandQueue.Workers.Recovery.Checkpoints;

/// <summary>
/// When an instance is put down next. One that cannot be put down is tried ever more seldom; one that did not survive it
/// is not tried again by this owner. A new owner knows of neither, and puts it down after its first step.
/// </summary>
internal sealed class CheckpointPace
{
    /// <summary>After so many steps for every one of the setting, an instance that cannot be put down is tried no more seldom.</summary>
    private const int MostSeldom = 16;

    private int _last;
    private int _times = 1;
    private bool _over;

    public bool IsDue(int step, int every) => !_over && step - _last >= (long)every * _times;

    /// <summary>It was put down after that step.</summary>
    public void Taken(int step) => (_last, _times) = (step, 1);

    /// <summary>It holds something that cannot be put down.</summary>
    public void Refused(int step) => (_last, _times) = (step, Math.Min(_times * 2, MostSeldom));

    public void Failed() => _over = true;
}
