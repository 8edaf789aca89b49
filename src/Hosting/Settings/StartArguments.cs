using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Settings;

/// <summary>Checks a program's arguments: switches and settings, each with its value.</summary>
/// <param name="help">What <c>--help</c> prints.</param>
/// <param name="switches">The program's switches and the settings they stand for, as <c>--listen</c> for <c>Gateway:Listen</c>.</param>
/// <param name="sections">The sections whose settings may be given as <c>--Section:Name=value</c>.</param>
public sealed class StartArguments(string help, IReadOnlyDictionary<string, string> switches, IReadOnlyDictionary<string, Type> sections)
{
    private static readonly string[] Help = ["--help", "-h", "-?", "/?"];

    /// <summary>What the program prints in place of running; null where it is to run.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="version">The program's version.</param>
    public string? Printed(IReadOnlyList<string> args, string version)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args.Any(argument => Help.Contains(argument))) return help;
        return args.Contains("--version") ? $"SandQueue {version}" : null;
    }

    /// <exception cref="StartupException">An argument is no switch, or has no value.</exception>
    public void Require(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        for (var at = 0; at < args.Count; at++)
        {
            var (name, value) = args[at].Split('=', 2) is [var before, var after] ? (before, after) : (args[at], null);
            if (!IsKnown(name)) throw new StartupException($"'{name}' is no switch; {NearName.Hint(name, [.. switches.Keys, "--help", "--version"], near => near)}");
            if (value is null && (++at == args.Count || args[at].StartsWith("--", StringComparison.Ordinal))) throw new StartupException($"{name} needs a value: {name} VALUE");
        }
    }

    private bool IsKnown(string name)
    {
        if (switches.ContainsKey(name)) return true;
        if (!name.StartsWith("--", StringComparison.Ordinal) || name[2..].Split(':') is not [var section, .. var path] || !sections.TryGetValue(section, out var type)) return false;
        foreach (var part in path)
        {
            if (SettingsShape.Below(type, part) is not { } below) return false;
            type = below;
        }

        return path.Length > 0;
    }
}
