using System.Buffers;
using System.Text;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>
/// Packs texts one after another in UTF-8, each behind its length. A catalogue of a million products is mostly text that
/// is rarely shown: as strings it would take more than twice the memory.
/// </summary>
internal sealed class RecordWriter
{
    private readonly ArrayBufferWriter<byte> _record = new(4096);

    public ReadOnlySpan<byte> Written => _record.WrittenSpan;

    public void Clear() => _record.ResetWrittenCount();

    public void Number(int value)
    {
        var rest = (uint)value;
        var span = _record.GetSpan(5);
        var length = 0;
        for (; rest >= 0x80; rest >>= 7) span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        _record.Advance(length);
    }

    public void Text(string text)
    {
        Number(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _record);
    }

    public void Texts(IReadOnlyList<string> texts)
    {
        Number(texts.Count);
        foreach (var text in texts) Text(text);
    }
}
