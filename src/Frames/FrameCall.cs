namespace SandQueue.Frames;

/// <summary>A call that waits for its answer. Whoever ends it first decides how it ends; its caller goes on where it is completed.</summary>
internal sealed class FrameCall : TaskCompletionSource<Frame>, IThreadPoolWorkItem
{
    private int _isEnded;

    public Frame Answer { get; set; }

    /// <summary>What has come of a long answer; null again once nobody waits for it.</summary>
    public BodyParts? Parts { get; set; }

    /// <summary>Bytes of a long answer that have come. Only the reader of the connection looks at it.</summary>
    public long PartBytes { get; set; }

    public bool IsEnded => Volatile.Read(ref _isEnded) != 0;

    /// <returns>False where it has an end already.</returns>
    public bool TryEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;

    void IThreadPoolWorkItem.Execute() => SetResult(Answer);
}
