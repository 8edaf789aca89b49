using System.Text;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// Reads the <c>&lt;tool_call&gt;</c> blocks of a text. A block ends where its JSON does, so an argument may hold the
/// closing tag itself; the tag after it may be missing, since servers cut a message at the stop word. A tag that neither
/// JSON nor, before another tag, a closing tag follows is prose: the agent speaks of calls and makes none.
/// </summary>
/// <remarks>
/// The time is linear in the text. Every search goes on where the last one stopped, and JSON that is read from two tags
/// on can only overlap for a few bytes: the second tag lies in a string of the first, and where that string ends one of
/// the two is no JSON any more.
/// </remarks>
internal sealed class ToolCallBlocks
{
    private const string OpenTag = "<tool_call>";

    private readonly byte[] _text;
    private readonly List<AgentCall> _calls = [];
    private readonly TagFinder _opens;
    private readonly TagFinder _closes;
    private readonly TagFinder _thoughts;

    private ToolCallBlocks(byte[] text)
    {
        _text = text;
        _opens = new TagFinder(text, OpenTag);
        _closes = new TagFinder(text, "</tool_call>");
        _thoughts = new TagFinder(text, Thoughts.Open);
    }

    /// <summary>The text up to a thought that is open, and the calls in it. No more calls than one above the limit are read.</summary>
    /// <param name="text">A text whose closed thoughts were cut.</param>
    /// <param name="cancellationToken">Looked at for every block.</param>
    public static (string Text, IReadOnlyList<AgentCall> Calls) Read(string text, CancellationToken cancellationToken)
    {
        if (!text.Contains(OpenTag, StringComparison.Ordinal)) return (Thoughts.CutOpen(text), []);

        var bytes = Encoding.UTF8.GetBytes(text);
        var blocks = new ToolCallBlocks(bytes);
        var end = blocks.Read(cancellationToken);
        return (end == bytes.Length ? text : text[..Encoding.UTF8.GetCharCount(bytes.AsSpan(0, end))], blocks._calls);
    }

    // Where the text ends: at a thought that begins outside of a block, or at its own end.
    private int Read(CancellationToken cancellationToken)
    {
        var at = 0;
        while (_calls.Count <= MessageLimits.Calls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (open, thought) = (_opens.From(at), _thoughts.From(at));
            if (thought < open) return thought;
            if (open == _text.Length) break;
            at = ReadBlock(open + _opens.Length);
        }

        return _text.Length;
    }

    // Returns where to go on.
    private int ReadBlock(int start)
    {
        var content = AfterBlanks(start);
        if (content < _text.Length && _text[content] is (byte)'{' or (byte)'[') return ReadJson(start);

        var close = _closes.From(start);
        if (close == _text.Length || _opens.From(start) < close) return start;
        var inside = _text.AsSpan(start, close - start);
        if (!CallJson.Block.TryRead(inside, out var value, out var length, out var mistake)) CallReader.BrokenBlock(mistake, _calls);
        else if (AfterBlanks(start + length) is var end && end < close) CallReader.BrokenBlock(CallJson.Block.EndsBefore(inside, end - start), _calls);
        else CallReader.Block(value, _calls);
        return _closes.After(close);
    }

    private int ReadJson(int start)
    {
        var rest = _text.AsSpan(start);
        if (!CallJson.Block.TryRead(rest, out var value, out var length, out var mistake)) return Break(mistake, start);

        var end = AfterBlanks(start + length);
        var isClosed = _closes.From(end) == end;
        if (end < _text.Length && !isClosed && _opens.From(end) != end) return Break(CallJson.Block.EndsBefore(rest, end - start), end);
        CallReader.Block(value, _calls);
        return isClosed ? _closes.After(end) : end;
    }

    // A block that cannot be read ends at the next tag.
    private int Break(string mistake, int from)
    {
        CallReader.BrokenBlock(mistake, _calls);
        var (close, open) = (_closes.From(from), _opens.From(from));
        return open < close ? open : _closes.After(close);
    }

    private int AfterBlanks(int at)
    {
        while (at < _text.Length && CallJson.JsonBlanks.Contains(_text[at])) at++;
        return at;
    }

    /// <summary>Finds a tag at or after places that only ever grow.</summary>
    private sealed class TagFinder(byte[] text, string tag)
    {
        private readonly byte[] _tag = Encoding.UTF8.GetBytes(tag);
        private int _found = -1;

        public int Length => _tag.Length;

        /// <summary>Where the next tag begins; the text's length where there is none.</summary>
        public int From(int at)
        {
            if (_found >= at) return _found;
            var next = text.AsSpan(at).IndexOf(_tag);
            return _found = next < 0 ? text.Length : at + next;
        }

        public int After(int found) => Math.Min(found + Length, text.Length);
    }
}
