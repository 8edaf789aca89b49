using System.Text;
using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// What <c>session.py</c> printed. It comes out of the agent's own process, so it is looked at before it goes into another:
/// only ASCII, only JSON, and nothing to import but what the agent may import itself.
/// </summary>
internal static class SessionText
{
    private const int Longest = 4 << 20;

    /// <summary>The modules AppWorld's guard lets code import, and those that hold what these and its preamble give.</summary>
    private static readonly HashSet<string> Modules = new(StringComparer.Ordinal)
    {
        "appworld", "array", "bisect", "builtins", "calendar", "collections", "contextlib", "copy", "csv", "datetime", "difflib", "enum", "fractions", "freezegun", "functools", "heapq",
        "itertools", "json", "math", "numbers", "operator", "pendulum", "pprint", "random", "re", "string", "textwrap", "time", "typing", "unittest", "uuid", "yaml",
        "_collections", "_functools", "_heapq", "_json", "_operator", "_random", "_bisect",
    };

    /// <summary>Why this is no session; null where it is one.</summary>
    /// <param name="session">What was printed.</param>
    /// <param name="serverFailed">Whether that is the server's doing, and not a value the agent made.</param>
    public static string? WhyNone(string session, out bool serverFailed)
    {
        serverFailed = false;
        if (WhyRefused(session, out serverFailed) is { } why) return why;
        if (session.Length > Longest) return $"the Python session takes more than {Longest} characters";
        try
        {
            using var read = JsonDocument.Parse(session);
            var foreign = read.RootElement.GetProperty("names").EnumerateObject().SelectMany(name => Imported(name.Value))
                .Concat(read.RootElement.GetProperty("nodes").EnumerateArray().SelectMany(node => node[1].EnumerateArray()).SelectMany(Imported))
                .FirstOrDefault(module => !Modules.Contains(module.Split('.')[0]));
            return foreign is null ? null : $"the session holds something of the module {foreign}";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return "what was printed is no session";
        }
    }

    /// <summary>Why a program of ours did not do its work; null where it did.</summary>
    /// <inheritdoc cref="WhyNone"/>
    public static string? WhyRefused(string printed, out bool serverFailed)
    {
        serverFailed = !printed.StartsWith('{') || !Ascii.IsValid(printed);
        if (serverFailed) return $"the server printed: {OneLine.Of(printed, 300)}";
        const string Refused = "{\"refused\":";
        return printed.StartsWith(Refused, StringComparison.Ordinal) ? printed[Refused.Length..].Trim(' ', '}', '"') : null;
    }

    private static IEnumerable<string> Imported(JsonElement part)
    {
        if (part.TryGetProperty("m", out var module)) yield return module.GetString()!;
        if (part.TryGetProperty("f", out var function)) yield return function[0].GetString()!;
        if (part.TryGetProperty("t", out var time)) yield return time[0].GetString()!;
    }
}
