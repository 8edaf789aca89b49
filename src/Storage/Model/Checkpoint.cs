namespace SandQueue.Storage.Model;

/// <summary>
/// The state of an instance after one of its recorded steps, as its environment put it down: a rebuild may start there
/// and run only the later steps again. An episode has one at most, the newest.
/// </summary>
public sealed class Checkpoint
{
    public long EpisodeId { get; set; }

    /// <summary>The number of the last step that is in it.</summary>
    public int Step { get; set; }

    /// <summary>What its container ran: no other can say whether it would have come to the same state.</summary>
    public string ImageDigest { get; set; } = "";

    /// <summary>Bytes that only the environment's protocol can read.</summary>
    public byte[] State { get; set; } = [];

    /// <summary>Unix milliseconds.</summary>
    public long SavedAt { get; set; }
}
