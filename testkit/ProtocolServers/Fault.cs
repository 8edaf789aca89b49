namespace SandQueue.ProtocolServers;

/// <summary>How a server misbehaves when it is told one of these words, whatever it speaks.</summary>
public static class Fault
{
    /// <summary>Never answers.</summary>
    public const string Hang = "hang";

    /// <summary>Answers when <see cref="GameServer.Slow"/> is opened, whoever still waits.</summary>
    public const string Slow = "slow";

    /// <summary>Answers 3 MB.</summary>
    public const string Huge = "huge";

    /// <summary>Answers what is no JSON.</summary>
    public const string Garbage = "garbage";

    /// <summary>Cuts the connection.</summary>
    public const string Cut = "cut";

    public static string Padding { get; } = new('x', 3 << 20);
}
