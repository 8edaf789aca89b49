using System.Text;

namespace SandQueue.Environments.Python;

/// <summary>
/// Reads Python source that consists of literals, and of nothing else: there is no name it looks up and nothing it
/// calls, so text from an agent is safe here.
/// </summary>
internal sealed class PyLiteralParser(PyScanner scanner)
{
    private const int DeepestNesting = 100;

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from",
        "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    };

    /// <summary>The complaint about the first name that is no literal; source that is wrong otherwise is refused first, as Python parses before it looks names up.</summary>
    public PyError? UnknownName { get; private set; }

    public static PyError NameError(string name) => new("NameError", $"name '{name}' is not defined");

    public static bool IsKeyword(string name) => Keywords.Contains(name);

    /// <summary>Takes one value and the spaces after it.</summary>
    /// <exception cref="PyError">There is none, or it is more than a literal.</exception>
    public PyValue Take()
    {
        scanner.SkipSpace();
        var value = scanner.Next switch
        {
            '[' => PyList.Of(TakeItems('[', ']').Items),
            '(' => TakeParenthesis(),
            '{' => TakeBraces(),
            '-' or '+' => TakeSigned(),
            '\'' or '"' => TakeStrings(""),
            var digit when char.IsAsciiDigit(digit) || (digit == '.' && scanner.Rest.Length > 1 && char.IsAsciiDigit(scanner.Rest[1])) => scanner.TakeNumber(),
            '.' when scanner.Rest.StartsWith("...") => TakeEllipsis(),
            var letter when PyScanner.StartsName(letter) => TakeWord(),
            _ => throw scanner.InvalidSyntax(),
        };
        scanner.SkipSpace();
        return value;
    }

    /// <summary>What is wrong with source that goes on after a value where it should not.</summary>
    public PyError Unexpected()
    {
        if (scanner.AtEnd) return scanner.InvalidSyntax();
        if (scanner.Next is '\'' or '"' || PyText.IsWord(scanner.Next))
        {
            return IsOperatorWord() ? OnlyLiterals() : scanner.Error("invalid syntax. Perhaps you forgot a comma?");
        }

        return scanner.Next is '.' or '(' or '[' or '+' or '-' or '*' or '/' or '%' or '@' or '<' or '>' or '&' or '|' or '^' or '='
            ? OnlyLiterals()
            : scanner.InvalidSyntax();
    }

    private static PyError OnlyLiterals() => new("SyntaxError", "arguments must be literal values; calls, names and operators are not evaluated");

    private bool IsOperatorWord()
    {
        foreach (var word in (ReadOnlySpan<string>)["and ", "or ", "if ", "in ", "is ", "not ", "for "])
        {
            if (scanner.Rest.StartsWith(word)) return true;
        }

        return false;
    }

    private PyShown TakeEllipsis()
    {
        for (var i = 0; i < 3; i++) scanner.Take('.');
        return PyShown.Ellipsis;
    }

    private PyValue TakeWord()
    {
        var word = scanner.TakeName();
        if (scanner.Next is '\'' or '"' && word.Length <= 2) return TakeStrings(word);
        switch (word)
        {
            case "None": return PyValue.None;
            case "True": return true;
            case "False": return false;
        }

        if (IsKeyword(word)) throw scanner.InvalidSyntax();
        UnknownName ??= NameError(word);
        return PyValue.None;
    }

    // Literals that stand side by side are one string.
    private PyValue TakeStrings(string prefix)
    {
        var text = new StringBuilder();
        while (true)
        {
            text.Append(TakeOne(prefix));
            scanner.SkipSpace();
            prefix = "";
            if (scanner.Next is '\'' or '"') continue;
            if (scanner.Rest is ['r' or 'R' or 'u' or 'U', '\'' or '"', ..]) prefix = scanner.TakeName();
            else return text.ToString();
        }
    }

    private string TakeOne(string prefix)
    {
        var kind = prefix.ToLowerInvariant();
        if (kind is not ("" or "r" or "u" or "f" or "rf" or "fr")) throw kind is "b" or "br" or "rb" ? OnlyLiterals() : scanner.InvalidSyntax();
        var text = scanner.TakeString(kind.Contains('r', StringComparison.Ordinal));
        // A formatted string without a field is a literal after all.
        return kind.Contains('f', StringComparison.Ordinal) && text.AsSpan().IndexOfAny('{', '}') >= 0 ? throw OnlyLiterals() : text;
    }

    private PyValue TakeSigned()
    {
        var negative = scanner.Take('-');
        if (!negative) scanner.Take('+');
        Nest();
        var value = Take();
        scanner.Depth--;
        if (value is PyFloat real) return negative ? -real.Number : real;
        if (PyNumber.AsInteger(value) is { } whole) return negative ? -whole : whole;
        if (UnknownName is not null) return value;
        throw PyError.TypeError($"bad operand type for unary {(negative ? '-' : '+')}: '{value.TypeName}'");
    }

    private PyValue TakeParenthesis()
    {
        var (items, trailingComma) = TakeItems('(', ')');
        return items.Count == 1 && !trailingComma ? items[0] : new PyTuple([.. items]);
    }

    private (List<PyValue> Items, bool TrailingComma) TakeItems(char open, char close)
    {
        Open(open);
        var items = new List<PyValue>();
        var comma = false;
        while (!TryClose(open, close))
        {
            if (items.Count > 0 && !comma) throw Unexpected();
            items.Add(Take());
            comma = scanner.Take(',');
        }

        return (items, comma);
    }

    private PyValue TakeBraces()
    {
        Open('{');
        var entries = new List<KeyValuePair<PyValue, PyValue>>();
        var items = new List<PyValue>();
        var comma = true;
        while (!TryClose('{', '}'))
        {
            if (!comma) throw Unexpected();
            var key = Take();
            if (items.Count == 0 && scanner.Take(':')) entries.Add(KeyValuePair.Create(key, Take()));
            else if (entries.Count > 0) throw scanner.Error("':' expected after dictionary key");
            else items.Add(key);
            comma = scanner.Take(',');
        }

        if (UnknownName is not null) return PyValue.None;
        foreach (var item in items) PyEquality.Hashable(item);
        return items.Count > 0 ? new PySet([.. items]) : new PyDict(entries);
    }

    private void Open(char bracket)
    {
        scanner.Take(bracket);
        Nest();
    }

    private bool TryClose(char open, char close)
    {
        scanner.SkipSpace();
        if (scanner.AtEnd) throw scanner.Error($"'{open}' was never closed");
        if (scanner.Next is ')' or ']' or '}' && scanner.Next != close)
        {
            throw scanner.Error($"closing parenthesis '{scanner.Next}' does not match opening parenthesis '{open}'");
        }

        if (!scanner.Take(close)) return false;
        scanner.Depth--;
        return true;
    }

    private void Nest()
    {
        if (++scanner.Depth > DeepestNesting) throw scanner.Error("too many nested parentheses");
    }
}
