using System.Globalization;
using System.Numerics;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>A value and the whole numbers that were written to get it, in their order.</summary>
internal sealed record Calculation(Rational Value, IReadOnlyList<BigInteger> Numbers);

/// <summary>
/// Whole numbers, + - * /, parentheses and a minus sign before a number or parenthesis, with the usual precedence,
/// calculated exactly. Length and depth are bounded, and with them the size of every number: a product has no more
/// digits than its factors together.
/// </summary>
internal ref struct ArithmeticExpression
{
    public const int LongestText = 400;
    public const int Deepest = 40;

    private readonly ReadOnlySpan<char> _text;
    private readonly List<BigInteger> _numbers = [];
    private int _position;
    private int _depth;
    private string? _problem;

    private ArithmeticExpression(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Calculates an expression, or says in one line why it cannot be read.</summary>
    public static (Calculation? Calculation, string? Problem) Calculate(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty) return (null, "It is empty.");
        if (trimmed.Length > LongestText) return (null, $"It has {trimmed.Length} characters; {LongestText} are the most.");

        var expression = new ArithmeticExpression(trimmed);
        var value = expression.Sum();
        if (expression._problem is null && expression.Peek() is { } left) expression.Fail(left == ')' ? "closes nothing" : "does not belong there");
        return expression._problem is { } problem ? (null, problem) : (new Calculation(value, expression._numbers), null);
    }

    private Rational Sum()
    {
        var value = Product();
        while (_problem is null)
        {
            if (Take('+')) value += Product();
            else if (TakeMinus()) value -= Product();
            else break;
        }

        return value;
    }

    private Rational Product()
    {
        var value = Factor();
        while (_problem is null)
        {
            if (Take('*') || Take('×')) value *= Factor();
            else if (Take('/') || Take('÷')) value /= Factor();
            else break;
        }

        return value;
    }

    private Rational Factor()
    {
        if (Peek() is { } next && char.IsAsciiDigit(next)) return Number();
        var negative = TakeMinus();
        if (!negative && !Take('(')) return Fail("stands where a number should");
        if (++_depth > Deepest) return Fail($"comes after more than {Deepest} open parentheses and minus signs");

        var value = negative ? -Factor() : Sum();
        if (!negative && _problem is null && !Take(')')) Fail("stands where a parenthesis should close");
        _depth--;
        return value;
    }

    private Rational Number()
    {
        var digits = _text[_position..];
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        if (length >= 0) digits = digits[..length];
        _position += digits.Length;
        var number = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        _numbers.Add(number);
        return number;
    }

    private char? Peek()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position])) _position++;
        return _position < _text.Length ? _text[_position] : null;
    }

    private bool Take(char symbol)
    {
        if (Peek() != symbol) return false;
        _position++;
        return true;
    }

    // The second one is the sign that typesetting uses.
    private bool TakeMinus() => Take('-') || Take('−');

    private Rational Fail(string problem)
    {
        var what = Peek() is { } found ? $"{AgentText.Quoted(found.ToString())} at character {_position + 1}" : "The end";
        _problem ??= $"{what} {problem}.";
        return default;
    }
}
