using System.Text;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>Reads what <see cref="RecordWriter"/> packed, in the same order.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> _rest = record;

    public int Number()
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _rest[0];
            _rest = _rest[1..];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80) return (int)value;
        }
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Number();
        var bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    public string[] Texts()
    {
        var texts = new string[Number()];
        for (var i = 0; i < texts.Length; i++) texts[i] = Text();
        return texts;
    }
}
