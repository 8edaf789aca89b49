using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>
/// A child's environment variables. Of the worker's it inherits those that every program needs and that hold no secret; any other may be a
/// key, a password or an address, whatever its name, and passes only where the environment's settings name it.
/// </summary>
internal static class ChildVariables
{
    private static readonly StringComparer Comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Where things are, who runs, and which language and time zone.</summary>
    private static readonly HashSet<string> Inherited = new(Comparer)
    {
        "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ", "TZDIR",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "DOTNET_HOST_PATH", "DOTNET_EnableDiagnostics",

        // Without these no program starts on Windows.
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERNAME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles", "ProgramFiles(x86)",
        "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "OS",
    };

    /// <summary>The parts of a language, and what .NET's runtime is told. Not all of <c>DOTNET_</c>: .NET programs read settings from it.</summary>
    private static readonly string[] InheritedPrefixes = ["LC_", "DOTNET_ROOT", "DOTNET_GC", "DOTNET_Tiered", "DOTNET_SYSTEM_"];

    /// <param name="variables">A child's, as it would inherit them.</param>
    /// <param name="environment">The <c>env_type</c> it serves, whose data folder it may know.</param>
    /// <param name="options">Its settings, which may name more.</param>
    public static void KeepHarmless(IDictionary<string, string?> variables, string environment, EnvironmentOptions options)
    {
        var named = options.InheritedVariables.Append(DataOf(environment)).ToHashSet(Comparer);
        foreach (var name in variables.Keys.ToList())
        {
            if (!named.Contains(name) && !IsHarmless(name)) variables.Remove(name);
        }
    }

    /// <summary>The data folder of the settings, unless the worker's own variable names one, and the variables of the settings.</summary>
    public static void AddData(Dictionary<string, string> variables, string environment, EnvironmentOptions options)
    {
        var data = DataOf(environment);
        if (options.Data is { Length: > 0 } folder && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(data))) variables[data] = Path.GetFullPath(folder);
        foreach (var (name, value) in options.Variables) variables[name] = value;
    }

    /// <summary>Two underscores are how .NET programs write a path of settings.</summary>
    private static bool IsHarmless(string name) =>
        Inherited.Contains(name)
        || (!name.Contains("__", StringComparison.Ordinal) && Array.Exists(InheritedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    private static string DataOf(string environment) => $"SANDQUEUE_{environment.ToUpperInvariant()}_DATA";
}
