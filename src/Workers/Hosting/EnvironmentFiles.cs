using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using SandQueue.Hosting.Startup;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Settings;

namespace SandQueue.Workers.Hosting;

/// <summary>
/// The settings files of the environments beside the program: <c>environments/NAME/environment.json</c>, and
/// <c>environments/ANY/NAME.environment.json</c> where a folder has more than one. They are the lowest layer:
/// the program's own settings, the environment variables and the command line take precedence.
/// </summary>
public static class EnvironmentFiles
{
    private const string Ending = "environment.json";

    /// <param name="configuration">The program's settings.</param>
    /// <param name="folder">The folder that holds a folder per environment.</param>
    /// <exception cref="StartupException">A file cannot be read, or a setting in it cannot be; the message names file, key and reason.</exception>
    public static void AddEnvironmentFiles(this IConfigurationBuilder configuration, string folder)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!Directory.Exists(folder)) return;

        foreach (var file in Directory.GetDirectories(folder).SelectMany(environment => Directory.GetFiles(environment, $"*{Ending}")).Order(StringComparer.Ordinal))
        {
            if (Name(file) is { } environment) configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Read(file, environment) });
        }
    }

    /// <summary>The environment a file is of; null for a file that only ends alike.</summary>
    private static string? Name(string file) => Path.GetFileName(file)[..^Ending.Length] switch
    {
        "" => Path.GetFileName(Path.GetDirectoryName(file)),
        [.. var name, '.'] when name.Length > 0 => name,
        _ => null,
    };

    private static Dictionary<string, string?> Read(string file, string environment)
    {
        var section = $"Worker:Environments:{environment}";
        try
        {
            var said = new ConfigurationBuilder().AddJsonFile(file).Build();
            if (said[nameof(EnvironmentOptions.Assembly)] is { Length: > 0 } assembly) said[nameof(EnvironmentOptions.Assembly)] = Beside(file, assembly);
            if (EnvironmentFileCheck.Problems(said).ToList() is { Count: > 0 } problems) throw new StartupException($"{file}: {string.Join("; ", problems)}");
            var settings = said.AsEnumerable().ToDictionary(setting => $"{section}:{setting.Key}", setting => setting.Value, StringComparer.OrdinalIgnoreCase);

            // What a command runs lies beside its settings.
            if (settings.ContainsKey($"{section}:{nameof(EnvironmentOptions.Command)}:0"))
            {
                var key = $"{section}:{nameof(EnvironmentOptions.WorkingFolder)}";
                settings[key] = Beside(file, settings.GetValueOrDefault(key) ?? "");
            }

            // An environment whose file sets nothing is there all the same.
            settings.TryAdd($"{section}:{nameof(EnvironmentOptions.Enabled)}", bool.TrueString);
            return settings;
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new StartupException($"{file} is not JSON: {exception.GetBaseException().Message}");
        }
    }

    /// <summary>A path as a settings file means it.</summary>
    private static string Beside(string file, string path) => Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!);
}
