using System.Text;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>
/// The functions' names in the data and the names they are offered under. Model APIs take only
/// <c>^[a-zA-Z0-9_-]{1,64}$</c>, the data has dots; within a task the way back is never ambiguous.
/// </summary>
internal sealed class ToolNames
{
    private const int Longest = 64;

    private readonly Dictionary<string, string> _offered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _original = new(StringComparer.Ordinal);

    public ToolNames(IReadOnlyCollection<string> originals)
    {
        // Names that may stay as they are come first: no changed name may take one of theirs.
        foreach (var name in originals.Where(IsAllowed)) Pair(name, name);
        foreach (var name in originals.Where(name => !IsAllowed(name) && !_offered.ContainsKey(name)).Distinct())
        {
            Pair(name, Free(Changed(name)));
        }
    }

    /// <summary>The name a function of the data is offered under.</summary>
    public string Offered(string original) => _offered[original];

    /// <summary>The data's name for what the agent wrote: either name will do, and an unknown one stays as it is.</summary>
    public string Original(string written) =>
        _offered.ContainsKey(written) ? written : _original.GetValueOrDefault(written, written);

    private void Pair(string original, string offered) => (_offered[original], _original[offered]) = (offered, original);

    private string Free(string wanted)
    {
        var name = wanted;
        for (var number = 2; _original.ContainsKey(name); number++)
        {
            var ending = $"_{number}";
            name = wanted[..Math.Min(wanted.Length, Longest - ending.Length)] + ending;
        }

        return name;
    }

    private static bool IsAllowed(string name) => name.Length is > 0 and <= Longest && name.All(IsAllowed);

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static string Changed(string name)
    {
        var changed = new StringBuilder(name.Length);
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, Longest))) changed.Append(IsAllowed(c) ? c : '_');
        return changed.Length == 0 ? "_" : changed.ToString();
    }
}
