namespace SandQueue.Environments.Python;

/// <summary>Reads a Python file that only assigns literals to names, as data files of the reference program do.</summary>
internal static class PyModule
{
    /// <summary>The names and values, in order.</summary>
    /// <exception cref="PyError">A statement is something else; the message names its line.</exception>
    public static IReadOnlyDictionary<string, PyValue> Read(string source)
    {
        var scanner = new PyScanner(source.TrimStart('\ufeff'));
        var assigned = new Dictionary<string, PyValue>(StringComparer.Ordinal);
        for (scanner.SkipLines(); !scanner.AtEnd; scanner.SkipLines())
        {
            if (!PyScanner.StartsName(scanner.Next)) throw scanner.Error("expected NAME = literal");
            var name = scanner.TakeName();
            scanner.SkipSpace();
            if (!scanner.Take('=')) throw scanner.Error($"expected an assignment to {name}");
            var literals = new PyLiteralParser(scanner);
            assigned[name] = literals.Take();
            if (literals.UnknownName is { } unknown) throw scanner.Error(unknown.Message);
            if (!scanner.AtEnd && scanner.Next is not ('\n' or '\r')) throw scanner.Error($"expected the line to end after the value of {name}");
        }

        return assigned;
    }
}
