using System.Globalization;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>A method's parameters. It places arguments as CPython does, and complains in the same words and order.</summary>
internal sealed class Signature
{
    private readonly string[] _names;
    private readonly PyValue?[] _defaults;

    private Signature(string name, string[] names, PyValue?[] defaults)
    {
        Name = name;
        _names = names;
        _defaults = defaults;
    }

    public string Name { get; }

    /// <summary>The parameters' names in order.</summary>
    public IReadOnlyList<string> Parameters => _names;

    /// <summary>Reads <c>name(required, optional='default')</c>.</summary>
    public static Signature Parse(string written)
    {
        var scanner = new PyScanner(written);
        var name = scanner.TakeName();
        var names = new List<string>();
        var defaults = new List<PyValue?>();
        scanner.Take('(');
        while (!scanner.Take(')'))
        {
            names.Add(scanner.TakeName());
            defaults.Add(scanner.Take('=') ? new PyLiteralParser(scanner).Take() : null);
            scanner.Take(',');
            scanner.SkipSpace();
        }

        return new Signature(name, [.. names], [.. defaults]);
    }

    /// <summary>One value for each parameter.</summary>
    /// <exception cref="PyError">The arguments do not fit.</exception>
    public PyValue[] Bind(string className, PyCall call)
    {
        var qualified = $"{className}.{Name}()";
        var values = new PyValue?[_names.Length];
        for (var i = 0; i < Math.Min(values.Length, call.Positional.Count); i++) values[i] = call.Positional[i];

        foreach (var (name, value) in call.Named)
        {
            var place = Array.IndexOf(_names, name);
            if (place < 0 && name != "self") throw PyError.TypeError($"{qualified} got an unexpected keyword argument '{name}'");
            if (place < 0 || values[place] is not null) throw PyError.TypeError($"{qualified} got multiple values for argument '{name}'");
            values[place] = value;
        }

        if (call.Positional.Count > values.Length) throw TooMany(qualified, call.Positional.Count);

        var missing = _names.Where((_, place) => values[place] is null && _defaults[place] is null).ToArray();
        if (missing.Length > 0) throw Missing(qualified, missing);
        return [.. values.Select((value, place) => value ?? _defaults[place]!)];
    }

    // The instance itself counts as the first argument.
    private PyError TooMany(string qualified, int given)
    {
        var most = _names.Length + 1;
        var optional = _defaults.Count(value => value is not null);
        var takes = optional == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{most} positional argument{(most == 1 ? "" : "s")}")
            : string.Create(CultureInfo.InvariantCulture, $"from {most - optional} to {most} positional arguments");
        return PyError.TypeError(string.Create(CultureInfo.InvariantCulture, $"{qualified} takes {takes} but {given + 1} were given"));
    }

    private static PyError Missing(string qualified, string[] names)
    {
        var quoted = names.Select(name => $"'{name}'").ToArray();
        var listed = quoted.Length switch
        {
            1 => quoted[0],
            2 => $"{quoted[0]} and {quoted[1]}",
            _ => $"{string.Join(", ", quoted[..^1])}, and {quoted[^1]}",
        };
        return PyError.TypeError(string.Create(
            CultureInfo.InvariantCulture,
            $"{qualified} missing {names.Length} required positional argument{(names.Length == 1 ? "" : "s")}: {listed}"));
    }
}
