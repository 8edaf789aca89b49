using System.Globalization;
using System.Numerics;
using System.Text;

namespace SandQueue.Environments.Python;

/// <summary>Reads the smallest parts of Python source: spaces, names, numbers and string literals.</summary>
internal sealed class PyScanner(string source)
{
    private int _position;
    private int _line = 1;

    /// <summary>How many brackets are open: inside them a line break is a space.</summary>
    public int Depth { get; set; }

    public bool AtEnd => _position >= source.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public char Next => _position < source.Length ? source[_position] : '\0';

    public ReadOnlySpan<char> Rest => source.AsSpan(Math.Min(_position, source.Length));

    public PyError Error(string message) =>
        new("SyntaxError", string.Create(CultureInfo.InvariantCulture, $"{message} (<string>, line {_line})"));

    public PyError InvalidSyntax() => Error("invalid syntax");

    public void SkipSpace()
    {
        while (!AtEnd)
        {
            if (Next is ' ' or '\t' or '\f' || (Next is '\n' or '\r' && Depth > 0)) Advance();
            else if (Next == '#') SkipComment();
            else if (Rest.StartsWith("\\\n")) _position += 2;
            else break;
        }
    }

    /// <summary>Skips line ends and what goes with them, between two statements.</summary>
    public void SkipLines()
    {
        while (!AtEnd)
        {
            SkipSpace();
            if (Next is not ('\n' or '\r')) break;
            Advance();
        }
    }

    /// <summary>Takes the character if it comes next.</summary>
    public bool Take(char wanted)
    {
        if (AtEnd || Next != wanted) return false;
        Advance();
        return true;
    }

    public static bool StartsName(char character) => character == '_' || char.IsLetter(character);

    public string TakeName()
    {
        var start = _position;
        while (!AtEnd && PyText.IsWord(Next)) _position++;
        return source[start.._position];
    }

    public PyValue TakeNumber()
    {
        var start = _position;
        if (Next == '0' && Rest.Length > 1 && char.ToLowerInvariant(Rest[1]) is 'x' or 'o' or 'b') return TakeRadix();

        while (IsNumberPart()) _position++;
        if (!AtEnd && (PyText.IsWord(Next) || source[_position - 1] == '_')) throw Error("invalid decimal literal");
        var written = source[start.._position];
        if (written.Contains("__", StringComparison.Ordinal)) throw Error("invalid decimal literal");
        if (written.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
        {
            return PyNumberText.TryParseFloat(written) ?? throw Error("invalid decimal literal");
        }

        var digits = written.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > 1 && digits[0] == '0' && digits.Any(digit => digit != '0'))
        {
            throw Error("leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers");
        }

        if (digits.Length > 4300)
        {
            throw Error($"Exceeds the limit (4300 digits) for integer string conversion: value has {digits.Length} digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.");
        }

        return BigInteger.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>Takes one string literal; its prefix, if any, was taken already.</summary>
    public string TakeString(bool raw)
    {
        var quote = Next;
        var firstLine = _line;
        var end = Rest.StartsWith(new string(quote, 3)) ? new string(quote, 3) : quote.ToString();
        _position += end.Length;
        var text = new StringBuilder();
        while (!Rest.StartsWith(end))
        {
            if (AtEnd || (end.Length == 1 && Next is '\n' or '\r'))
            {
                _line = firstLine;
                throw Error($"unterminated {(end.Length == 3 ? "triple-quoted " : "")}string literal (detected at line {firstLine})");
            }

            if (Next != '\\') text.Append(Next is '\r' ? '\n' : Next);
            else if (raw) TakeRawPair(text);
            else TakeEscape(text);
            if (!AtEnd) Advance();
        }

        _position += end.Length;
        return text.ToString();
    }

    private bool IsNumberPart() => !AtEnd && (char.IsAsciiDigit(Next) || Next is '_' or '.' or 'e' or 'E'
        || (Next is '+' or '-' && source[_position - 1] is 'e' or 'E'));

    private PyInt TakeRadix()
    {
        var bits = char.ToLowerInvariant(Rest[1]) switch { 'x' => 4, 'o' => 3, _ => 1 };
        _position += 2;
        var digits = TakeName().Replace("_", "", StringComparison.Ordinal);
        var number = new byte[((digits.Length * bits) / 8) + 2];
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)];
            var value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : 16;
            if (value >= 1 << bits) throw Error($"invalid {(bits == 4 ? "hexadecimal" : bits == 3 ? "octal" : "binary")} literal");
            var (place, shift) = Math.DivRem(i * bits, 8);
            number[place] |= (byte)(value << shift);
            number[place + 1] |= (byte)((value << shift) >> 8);
        }

        return digits.Length == 0 ? throw InvalidSyntax() : new PyInt(new BigInteger(number, isUnsigned: true));
    }

    private void TakeRawPair(StringBuilder text)
    {
        text.Append('\\');
        Advance();
        if (!AtEnd) text.Append(Next);
    }

    // Leaves the position on the last character of the escape.
    private void TakeEscape(StringBuilder text)
    {
        Advance();
        switch (Next)
        {
            case '\n' or '\r': break;
            case '\\' or '\'' or '"': text.Append(Next); break;
            case 'a': text.Append('\a'); break;
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case 'n': text.Append('\n'); break;
            case 'r': text.Append('\r'); break;
            case 't': text.Append('\t'); break;
            case 'v': text.Append('\v'); break;
            case >= '0' and <= '7': TakeOctal(text); break;
            case 'x': TakeHex(text, 2); break;
            case 'u': TakeHex(text, 4); break;
            case 'U': TakeHex(text, 8); break;
            default: text.Append('\\').Append(Next); break;
        }
    }

    private void TakeOctal(StringBuilder text)
    {
        var value = 0;
        var digits = 0;
        while (digits < 3 && digits < Rest.Length && Rest[digits] is >= '0' and <= '7') value = (value * 8) + (Rest[digits++] - '0');
        text.Append((char)value);
        _position += digits - 1;
    }

    private void TakeHex(StringBuilder text, int length)
    {
        var digits = Rest[1..Math.Min(1 + length, Rest.Length)];
        if (digits.Length < length || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point > 0x10FFFF)
        {
            throw Error("(unicode error) 'unicodeescape' codec can't decode bytes: illegal escape");
        }

        if (point > 0xFFFF) text.Append(char.ConvertFromUtf32((int)point));
        else text.Append((char)point);
        _position += length;
    }

    private void SkipComment()
    {
        while (!AtEnd && Next is not ('\n' or '\r')) _position++;
    }

    private void Advance()
    {
        if (source[_position] == '\n') _line++;
        else if (source[_position] == '\r')
        {
            // A line may end in two characters; they are one line break.
            if (_position + 1 < source.Length && source[_position + 1] == '\n') _position++;
            _line++;
        }

        _position++;
    }
}
