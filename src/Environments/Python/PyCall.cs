namespace SandQueue.Environments.Python;

/// <summary>A call as written: <c>name(1, 'a', key=[2])</c>, its arguments literals.</summary>
internal sealed record PyCall(string Name, IReadOnlyList<PyValue> Positional, IReadOnlyList<KeyValuePair<string, PyValue>> Named)
{
    /// <summary>The complaint about the first argument that is a name instead of a literal; the function's own name is looked up before it.</summary>
    public PyError? UnknownName { get; init; }

    /// <summary>Reads one call.</summary>
    /// <exception cref="PyError">The text is not Python, or is more than a call with literals.</exception>
    public static PyCall Parse(string text)
    {
        var scanner = new PyScanner(PyText.Strip(text));
        if (scanner.AtEnd) throw scanner.InvalidSyntax();
        if (char.IsAsciiDigit(scanner.Next))
        {
            scanner.TakeNumber();
            throw scanner.InvalidSyntax();
        }

        var name = PyScanner.StartsName(scanner.Next) ? scanner.TakeName() : throw scanner.InvalidSyntax();
        if (PyLiteralParser.IsKeyword(name)) throw scanner.InvalidSyntax();
        scanner.SkipSpace();
        if (scanner.AtEnd || scanner.Next is '.' or '-' or '+' or '*' or '/' or '[') throw PyLiteralParser.NameError(name);
        if (!scanner.Take('(')) throw scanner.InvalidSyntax();
        scanner.Depth++;

        var values = new PyLiteralParser(scanner);
        var positional = new List<PyValue>();
        var named = new List<KeyValuePair<string, PyValue>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var comma = true;
        while (!TryClose(scanner))
        {
            if (!comma) throw values.Unexpected();
            TakeArgument(scanner, values, positional, named, names);
            comma = scanner.Take(',');
        }

        scanner.SkipSpace();
        if (!scanner.AtEnd) throw scanner.Next is ')' ? scanner.Error("unmatched ')'") : values.Unexpected();
        return new PyCall(name, positional, named) { UnknownName = values.UnknownName };
    }

    private static bool TryClose(PyScanner scanner)
    {
        scanner.SkipSpace();
        if (scanner.AtEnd) throw scanner.Error("'(' was never closed");
        if (scanner.Next is ']' or '}') throw scanner.Error($"closing parenthesis '{scanner.Next}' does not match opening parenthesis '('");
        if (!scanner.Take(')')) return false;
        scanner.Depth--;
        return true;
    }

    private static void TakeArgument(
        PyScanner scanner,
        PyLiteralParser values,
        List<PyValue> positional,
        List<KeyValuePair<string, PyValue>> named,
        HashSet<string> names)
    {
        if (KeywordAhead(scanner.Rest) is { Length: > 0 } key)
        {
            scanner.TakeName();
            scanner.SkipSpace();
            if (key is "True" or "False" or "None") throw scanner.Error($"cannot assign to {key}");
            if (PyLiteralParser.IsKeyword(key)) throw scanner.InvalidSyntax();
            scanner.Take('=');
            if (!names.Add(key)) throw scanner.Error($"keyword argument repeated: {key}");
            named.Add(KeyValuePair.Create(key, values.Take()));
            return;
        }

        var value = values.Take();
        if (AssignsLater(scanner.Rest)) throw scanner.Error("expression cannot contain assignment, perhaps you meant \"==\"?");
        if (scanner.Next is not (',' or ')')) return;
        if (named.Count > 0) throw scanner.Error("positional argument follows keyword argument");
        positional.Add(value);
    }

    // The name before a single '=', or an empty one.
    private static string KeywordAhead(ReadOnlySpan<char> rest)
    {
        var length = 0;
        if (rest.Length == 0 || !PyScanner.StartsName(rest[0])) return "";
        while (length < rest.Length && PyText.IsWord(rest[length])) length++;
        var after = rest[length..].TrimStart(" \t");
        return after is ['=', not '=', ..] or ['='] ? rest[..length].ToString() : "";
    }

    // An operator and then an '=' before the argument ends: the agent's parameter name is no name.
    private static bool AssignsLater(ReadOnlySpan<char> rest)
    {
        if (rest.Length == 0 || rest[0] is not ('=' or '-' or '+' or '*' or '/' or '.' or '[' or '(')) return false;
        var end = rest.IndexOfAny(',', ')');
        var assign = rest.IndexOf('=');
        return assign >= 0 && (end < 0 || assign < end) && !rest[assign..].StartsWith("==");
    }
}
