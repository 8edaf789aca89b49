using System.Text;
using System.Text.Json;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// What <c>session.py</c> printed of a session. It comes out of the agent's own process, so it is looked at before it goes
/// into another: only ASCII, only JSON, and nothing to import but what the agent may import itself.
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

    /// <returns>Null where it is a session, else why there is none.</returns>
    public static string? WhyNone(string session)
    {
        if (session.Length > Longest) return $"the Python session takes more than {Longest} characters";
        if (!session.StartsWith('{') || !Ascii.IsValid(session)) return $"the server printed: {session[..Math.Min(session.Length, 300)]}";
        try
        {
            using var read = JsonDocument.Parse(session);
            if (read.RootElement.TryGetProperty("refused", out var why)) return why.ToString();
            foreach (var name in read.RootElement.GetProperty("names").EnumerateObject())
            {
                if (Module(name.Value) is { } module && !Modules.Contains(module.Split('.')[0])) return $"the variable {name.Name} holds something of the module {module}";
            }

            return null;
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the server printed no session";
        }
    }

    private static string? Module(JsonElement part) =>
        part.TryGetProperty("m", out var module) ? module.GetString()
        : part.TryGetProperty("f", out var function) ? function[0].GetString()
        : null;
}
