using System.Text;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>Writes messages from wordings with slots. No piece is written that would make them longer than they may be.</summary>
/// <param name="slots">Text by slot name.</param>
/// <param name="longest">Bytes of UTF-8 that all messages may have together.</param>
internal sealed class PromptFilling(IReadOnlyDictionary<string, string> slots, int longest)
{
    private int _written;

    /// <param name="wording">A message; a slot is written <c>{{name}}</c>.</param>
    /// <exception cref="InvalidRequestException">A slot is unknown, or the message becomes too long.</exception>
    public string Fill(string wording)
    {
        var text = new StringBuilder();
        var rest = wording.AsSpan();
        while (rest.IndexOf("{{") is var open and >= 0)
        {
            var close = rest[open..].IndexOf("}}");
            if (close < 0) break;
            Append(text, rest[..open]);
            Append(text, Value(rest.Slice(open + 2, close - 2).Trim().ToString()));
            rest = rest[(open + close + 2)..];
        }

        Append(text, rest);
        return text.ToString();
    }

    private string Value(string slot) => slots.TryGetValue(slot, out var value)
        ? value
        : throw new InvalidRequestException(
            $"params.prompt_template has the slot {{{{{AgentText.Quoted(slot)[1..^1]}}}}}; "
            + $"this environment fills {string.Join(", ", slots.Keys.Order(StringComparer.Ordinal).Select(name => $"{{{{{name}}}}}"))}");

    private void Append(StringBuilder text, ReadOnlySpan<char> piece)
    {
        var bytes = Encoding.UTF8.GetByteCount(piece);
        if (bytes > longest - _written)
        {
            throw new InvalidRequestException(
                $"params.prompt_template becomes longer than {longest} bytes with its slots filled; that is the limit, so write a shorter one");
        }

        _written += bytes;
        text.Append(piece);
    }
}
