namespace SandQueue.Workers.Recovery.State;

/// <summary>
/// When the next checkpoint of an instance is saved. One that cannot be saved is tried with exponential backoff; an instance that did
/// not survive it is not tried again by this owner. A new owner knows of neither, and saves one after its first step.
/// </summary>
internal sealed class CheckpointPace
{
    /// <summary>The longest backoff, in checkpoints of the setting.</summary>
    private const int MaxBackoff = 16;

    private int _last;
    private int _backoff = 1;
    private bool _over;

    public bool IsDue(int step, int every) => !_over && step - _last >= (long)every * _backoff;

    /// <summary>It was saved after that step.</summary>
    public void Saved(int step) => (_last, _backoff) = (step, 1);

    /// <summary>The instance holds something that cannot be saved.</summary>
    public void Refused(int step) => (_last, _backoff) = (step, Math.Min(_backoff * 2, MaxBackoff));

    /// <summary>The instance did not survive it.</summary>
    public void Failed() => _over = true;
}
