using System.Text;
using System.Text.RegularExpressions;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// The names that an agent's code may have bound in its Python session, read from the code's text: every name that stands
/// in it, which is more than it binds and never less. Code that binds in ways its text does not show is refused, and with
/// it every checkpoint of the episode from then on.
/// </summary>
internal sealed partial class AgentNames
{
    /// <summary>Names the server's own preamble binds to what cannot be put down; they may be used, and not bound.</summary>
    private static readonly Dictionary<string, char> Preamble = new(StringComparer.Ordinal) { ["print"] = '(', ["input"] = '(', ["apis"] = '.', ["requester"] = '.' };

    /// <summary>Ways to reach or bind names that no text shows, and what the Python session itself keeps.</summary>
    private static readonly HashSet<string> Hidden = new(StringComparer.Ordinal)
    {
        "globals", "locals", "vars", "exec", "eval", "compile", "setattr", "delattr", "get_ipython", "In", "Out", "builtins", "sys", "gc", "inspect", "importlib", "async", "await",
    };

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "False", "None", "True", "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
        "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    };

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The names so far, in their order.</summary>
    public IReadOnlyCollection<string> All => _names;

    /// <summary>Why the names are not known any more; null while they are.</summary>
    public string? Unknown { get; private set; }

    /// <summary>Starts where another session ended.</summary>
    public void Add(IEnumerable<string> names) => _names.UnionWith(names);

    /// <summary>Reads a program before it runs: it may bind names and then fail.</summary>
    public void Read(string code)
    {
        if (Unknown is not null) return;
        if (code.Contains(":=", StringComparison.Ordinal))
        {
            Unknown = "the code binds a name within an expression (:=)";
            return;
        }

        var bare = Strings().Replace(code, match => match.Value[0] == '#' ? "" : "\"\"");
        if (Broken().IsMatch(bare)) Unknown = "the code has quotes that cannot be told apart";
        else if (Magic().IsMatch(bare)) Unknown = "the code has a command of IPython";
        else if (AttributeStore().Match(bare) is { Success: true } store) Unknown = $"the code binds an attribute ({store.Value.Trim()})";
        else if (StarImport().IsMatch(bare)) Unknown = "the code imports all names of a module";
        else ReadNames(bare);
    }

    private void ReadNames(string bare)
    {
        foreach (Match match in Name().Matches(bare))
        {
            var (name, isAttribute) = (match.Value, IsAttribute(bare, match.Index));
            if (name.StartsWith("__", StringComparison.Ordinal) || (Hidden.Contains(name) && !isAttribute) || !Ascii.IsValid(name))
            {
                Unknown = $"the code says {name}";
                return;
            }

            if (Keywords.Contains(name) || isAttribute) continue;
            if (!Preamble.TryGetValue(name, out var used)) _names.Add(name);
            else if (!IsFollowedBy(bare, match.Index + match.Length, used) || IsDefined(bare, match.Index))
            {
                Unknown = $"the code may bind {name}";
                return;
            }
        }
    }

    /// <summary>Of the line before, the last point may be that of an ellipsis.</summary>
    private static bool IsAttribute(string bare, int start)
    {
        while (start > 0 && bare[start - 1] is ' ' or '\t') start--;
        return start > 0 && bare[start - 1] == '.';
    }

    private static bool IsFollowedBy(string bare, int end, char wanted)
    {
        while (end < bare.Length && bare[end] is ' ' or '\t') end++;
        return end < bare.Length && bare[end] == wanted;
    }

    private static bool IsDefined(string bare, int start)
    {
        var before = bare.AsSpan(0, start).TrimEnd();
        return before.EndsWith("def", StringComparison.Ordinal) || before.EndsWith("class", StringComparison.Ordinal) || before.EndsWith("import", StringComparison.Ordinal);
    }

    [GeneratedRegex("#[^\\n]*|[rRbBuUfF]{0,2}(\"\"\"(\\\\.|[^\\\\])*?\"\"\"|'''(\\\\.|[^\\\\])*?'''|\"(\\\\.|[^\"\\\\\\n])*\"|'(\\\\.|[^'\\\\\\n])*')", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Strings();

    /// <summary>A quote that no string took, or a string with a name or another string right behind it.</summary>
    [GeneratedRegex("'|(?<!\")\"(?!\")|\"\"[\\w\"]", RegexOptions.CultureInvariant)]
    private static partial Regex Broken();

    [GeneratedRegex(@"^[ \t]*[%!]|=[ \t]*[%!](?!=)|\?|\$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Magic();

    [GeneratedRegex(@"\.\s*\w+\s*(=(?!=)|[-+*/%@&|^]=|//=|\*\*=|<<=|>>=)", RegexOptions.CultureInvariant)]
    private static partial Regex AttributeStore();

    [GeneratedRegex(@"\bimport\s*\(?\s*\*", RegexOptions.CultureInvariant)]
    private static partial Regex StarImport();

    [GeneratedRegex(@"(?<!\w)[^\W\d]\w*", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
