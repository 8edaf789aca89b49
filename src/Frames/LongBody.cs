namespace SandQueue.Frames;

/// <summary>A body that leaves in parts.</summary>
internal sealed class LongBody(Frame whole)
{
    private int _left;

    public uint Call => whole.Call;

    public bool IsDone => _left == whole.Body.Length;

    /// <summary>What was to be sent of the same call meanwhile; it leaves behind the last part.</summary>
    public Frame? Behind { get; set; }

    public Frame Next()
    {
        var part = whole.Body.Slice(_left, Math.Min(Frame.PartBytes, whole.Body.Length - _left));
        _left += part.Length;
        return new Frame(whole.Call, IsDone ? whole.Code : (ushort)(whole.Code | Frame.MoreFollows), part);
    }
}
