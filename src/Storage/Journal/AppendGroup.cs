namespace SandQueue.Storage.Journal;

/// <summary>
/// The rows of one commit. Two rows of one instance check its row one after the other, and of two rows of one command id the later must find
/// the earlier recorded: such rows never share a group.
/// </summary>
internal sealed class AppendGroup
{
    private const int MostRows = 256;

    /// <summary>Bounds the memory of a group whose rows are large; a single larger row still goes alone.</summary>
    private const int MostBytes = 8 << 20;

    private readonly List<PendingAppend> _rows = new(MostRows);
    private readonly HashSet<long> _episodes = [];
    private readonly HashSet<(string, string)> _commands = [];
    private int _bytes;

    public bool IsFull => _rows.Count >= MostRows || _bytes >= MostBytes;

    public PendingAppend[] Rows => [.. _rows];

    /// <returns>False where the row has to wait for the next group.</returns>
    public bool TryAdd(PendingAppend pending)
    {
        var entry = pending.Append.Entry;
        if (entry.EpisodeId is { } episode && _episodes.Contains(episode)) return false;
        if (!_commands.Add((entry.Tenant, entry.CommandId))) return false;
        if (entry.EpisodeId is { } added) _episodes.Add(added);
        _rows.Add(pending);
        _bytes += pending.Append.Bytes;
        return true;
    }

    public void Clear()
    {
        _rows.Clear();
        _episodes.Clear();
        _commands.Clear();
        _bytes = 0;
    }
}
