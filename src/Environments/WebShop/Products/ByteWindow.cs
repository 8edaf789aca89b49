using System.Buffers;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>A view of a long stream that moves forward and grows to hold the value at hand, and no more.</summary>
internal sealed class ByteWindow(Stream stream)
{
    /// <summary>A value beyond this is taken for a file with a missing quote or bracket.</summary>
    public const int Largest = 64 << 20;

    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> View => _buffer.AsMemory(_start, _end - _start);

    /// <summary>The line of the view's first byte, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Leaves a number of bytes behind.</summary>
    public void Advance(int count)
    {
        Line += _buffer.AsSpan(_start, count).Count((byte)'\n');
        _start += count;
    }

    /// <summary>The index in the view of the first byte of a set, or -1 where the stream ends before one.</summary>
    public int IndexOfAny(SearchValues<byte> bytes, int from) => Seek(from, bytes, except: false);

    /// <summary>The index in the view of the first byte outside a set, or -1 where the stream ends before one.</summary>
    public int IndexOfAnyExcept(SearchValues<byte> bytes, int from) => Seek(from, bytes, except: true);

    private int Seek(int from, SearchValues<byte> bytes, bool except)
    {
        while (true)
        {
            if (from < _end - _start)
            {
                var rest = View.Span[from..];
                var found = except ? rest.IndexOfAnyExcept(bytes) : rest.IndexOfAny(bytes);
                if (found >= 0) return from + found;
                from = _end - _start;
            }

            if (!Grow()) return -1;
        }
    }

    private bool Grow()
    {
        if (_end - _start > Largest)
        {
            throw new InvalidDataException($"line {Line}: a value of more than {Largest >> 20} MB begins here; a quote or a bracket is missing");
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
