using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SandQueue.Hosting.Settings;

namespace SandQueue.Workers.Answers;

/// <summary>
/// Under which form observations of an environment are compared when an episode is run again. An environment declares
/// one, with its version. What agents and trainers see is never rewritten.
/// </summary>
internal sealed partial class CanonicalForm
{
    private readonly Func<string, string>? _rewrite;

    private CanonicalForm(string name, Func<string, string>? rewrite) => (Name, _rewrite) = (name, rewrite);

    /// <summary>Byte for byte; what an environment has that declares none.</summary>
    public static CanonicalForm Exact { get; } = new("exact/1", rewrite: null);

    /// <summary>
    /// What a Python process prints without that the program under it did anything else: addresses of objects, places in
    /// tracebacks, names of temporary files, and the time of day.
    /// </summary>
    public static CanonicalForm Python { get; } = new("python/1", WithoutPythonPlaces);

    public static IReadOnlyList<CanonicalForm> All { get; } = [Exact, Python];

    /// <summary>Its name, with the version behind a slash.</summary>
    public string Name { get; }

    public static bool TryFind(string name, [MaybeNullWhen(false)] out CanonicalForm form) => (form = All.FirstOrDefault(known => known.Name == name)) is not null;

    /// <summary>A text as it is compared.</summary>
    public string Rewrite(string text) => _rewrite is null ? text : _rewrite(text);

    /// <summary>Adds an answer's messages to the hash that a replay must repeat.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="state">An array of messages.</param>
    public void Append(IncrementalHash hash, JsonElement state)
    {
        if (_rewrite is null)
        {
            hash.AppendData(JsonMarshal.GetRawUtf8Value(state));
            return;
        }

        // With its name, so that two forms never agree by chance.
        hash.AppendData(Encoding.UTF8.GetBytes($"{Name}\n"));
        foreach (var text in Texts(state)) hash.AppendData(Encoding.UTF8.GetBytes($"{Rewrite(text)}\0"));
    }

    private static IEnumerable<string> Texts(JsonElement state)
    {
        foreach (var message in state.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
            {
                yield return message.GetRawText();
                continue;
            }

            foreach (var member in message.EnumerateObject())
            {
                yield return member.Name;
                yield return member.Value.ValueKind == JsonValueKind.String ? JsonText.Read(member.Value) : member.Value.GetRawText();
            }
        }
    }

    private static string WithoutPythonPlaces(string text)
    {
        text = Address().Replace(text, "0x…");
        text = SourceLine().Replace(text, "File …");
        text = Cell().Replace(text, "Cell …");
        text = TemporaryFile().Replace(text, "/tmp/…");
        return Moment().Replace(text, "<time>");
    }

    [GeneratedRegex("0x[0-9a-fA-F]{6,16}", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex("""File ("[^"\n]{0,512}"|<[^>\n]{0,512}>|[^\s:]+)(, line |:)[0-9]+""", RegexOptions.CultureInvariant)]
    private static partial Regex SourceLine();

    [GeneratedRegex("""(Cell |<ipython-input-|Input )(In ?)?\[?[0-9]+\]?(-[0-9a-f]+>)?(, line [0-9]+)?""", RegexOptions.CultureInvariant)]
    private static partial Regex Cell();

    [GeneratedRegex("""/tmp/[\w.\-/]+""", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryFile();

    [GeneratedRegex("""(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?""", RegexOptions.CultureInvariant)]
    private static partial Regex Moment();
}
