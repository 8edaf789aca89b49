using System.Text;

namespace SandQueue.Workers.Runtimes;

/// <summary>Makes lines of what a container prints. It may print without end and without a line end, so a line is cut where it is long.</summary>
/// <param name="add">Takes a line.</param>
internal sealed class OutputLines(Action<string> add)
{
    private const int Longest = 2000;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private char[] _letters = [];

    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (_letters.Length < bytes.Length + 1) _letters = new char[bytes.Length + 1];
        foreach (var letter in _letters.AsSpan(0, _decoder.GetChars(bytes, _letters, flush: false)))
        {
            if (letter == '\n') EndLine();
            else if (letter != '\r' && _line.Length < Longest) _line.Append(letter);
        }
    }

    /// <summary>What comes after the last line end is a line, too.</summary>
    public void End()
    {
        if (_line.Length > 0) EndLine();
    }

    private void EndLine()
    {
        // The last one of a line that was cut may be half a pair.
        if (_line.Length == Longest && char.IsHighSurrogate(_line[^1])) _line.Length--;
        add(_line.ToString());
        _line.Clear();
    }
}
