namespace SandQueue.Environments.WebShop.Products;

/// <summary>Keeps many small byte records in a few large blocks; a record is never moved or removed.</summary>
internal sealed class ByteArena
{
    private const int BlockSize = 1 << 20;

    private readonly List<byte[]> _blocks = [];
    private int _used = BlockSize;

    /// <summary>Stores a copy, and says where.</summary>
    public Slot Add(ReadOnlySpan<byte> record)
    {
        if (_blocks.Count == 0 || _used + record.Length > _blocks[^1].Length)
        {
            _blocks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(BlockSize, record.Length)));
            _used = 0;
        }

        record.CopyTo(_blocks[^1].AsSpan(_used));
        var slot = new Slot(_blocks.Count - 1, _used, record.Length);
        _used += record.Length;
        return slot;
    }

    public ReadOnlyMemory<byte> Read(Slot slot) => _blocks[slot.Block].AsMemory(slot.Start, slot.Length);

    internal readonly record struct Slot(int Block, int Start, int Length);
}
