using System.Buffers.Binary;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// The bytes of all posting lists. A list grows in slices, each about twice as long as the one before it, so that the
/// many terms of one product take a few bytes and the frequent ones few steps.
/// </summary>
internal sealed class PostingArena
{
    private const int BlockBits = 16;
    private const int BlockSize = 1 << BlockBits;
    private const int Link = 4;

    private static readonly int[] SliceSizes = [9, 17, 33, 65, 129, 257, 513, 1025, 2049, 4097];

    private readonly List<byte[]> _blocks = [];
    private int _used = BlockSize;

    /// <summary>Begins a list.</summary>
    public Cursor Start()
    {
        var start = Reserve(SliceSizes[0] + Link);
        return new Cursor(start, start + SliceSizes[0], 0);
    }

    public void Write(ref Cursor cursor, uint value)
    {
        for (; value >= 0x80; value >>= 7) WriteByte(ref cursor, (byte)(value | 0x80));
        WriteByte(ref cursor, (byte)value);
    }

    public uint Read(ref Cursor cursor)
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (cursor.At == cursor.End)
            {
                var next = BinaryPrimitives.ReadInt32LittleEndian(_blocks[cursor.End >> BlockBits].AsSpan(cursor.End & (BlockSize - 1)));
                cursor = After(cursor, next);
            }

            var b = _blocks[cursor.At >> BlockBits][cursor.At & (BlockSize - 1)];
            cursor.At++;
            value |= (uint)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }

    /// <summary>A cursor that reads a list from its beginning.</summary>
    public static Cursor Reading(int start) => new(start, start + SliceSizes[0], 0);

    private void WriteByte(ref Cursor cursor, byte value)
    {
        if (cursor.At == cursor.End)
        {
            var next = Reserve(SliceSizes[Math.Min(cursor.Level + 1, SliceSizes.Length - 1)] + Link);
            BinaryPrimitives.WriteInt32LittleEndian(_blocks[cursor.End >> BlockBits].AsSpan(cursor.End & (BlockSize - 1)), next);
            cursor = After(cursor, next);
        }

        _blocks[cursor.At >> BlockBits][cursor.At & (BlockSize - 1)] = value;
        cursor.At++;
    }

    private static Cursor After(Cursor cursor, int next)
    {
        var level = Math.Min(cursor.Level + 1, SliceSizes.Length - 1);
        return new Cursor(next, next + SliceSizes[level], level);
    }

    private int Reserve(int size)
    {
        if (_used + size > BlockSize)
        {
            if (_blocks.Count == 1 << (31 - BlockBits))
            {
                throw new InvalidDataException("the search index is larger than 2 GB; split the catalogue");
            }

            _blocks.Add(GC.AllocateUninitializedArray<byte>(BlockSize));
            _used = 0;
        }

        var start = ((_blocks.Count - 1) << BlockBits) + _used;
        _used += size;
        return start;
    }

    /// <summary>Where a list is being written or read.</summary>
    internal record struct Cursor(int At, int End, int Level);
}
