namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>One request of a file of bad input, as the bytes that go to the socket, and what its answer has to be.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">The whole request.</param>
/// <param name="Statuses">The statuses that are right; 0 stands for a connection that is closed without an answer.</param>
/// <param name="Says">What the detail has to say, or null.</param>
/// <param name="Limit">The time it may take.</param>
internal sealed record HostileRequest(string Name, byte[] Bytes, IReadOnlyList<int> Statuses, string? Says, TimeSpan Limit)
{
    /// <summary>An answer to HEAD has no body.</summary>
    public bool IsHead => Bytes.AsSpan().StartsWith("HEAD "u8);

    /// <summary>Makes what later requests need, and is none of the bad ones.</summary>
    public bool IsSetup => Name.StartsWith("setup", StringComparison.Ordinal);
}
