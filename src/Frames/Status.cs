namespace SandQueue.Frames;

/// <summary>The codes of answers: those of HTTP, where they mean the same.</summary>
public static class Status
{
    public const ushort Ok = 200;

    /// <summary>The server knows no such verb.</summary>
    public const ushort UnknownVerb = 404;

    /// <summary>The answer is larger than its caller takes; without a body.</summary>
    public const ushort TooLarge = 413;

    /// <summary>The call was given up before it had an answer; without a body.</summary>
    public const ushort GivenUp = 499;

    /// <summary>The server has failed in an unforeseen way; without a body.</summary>
    public const ushort Failed = 500;
}
