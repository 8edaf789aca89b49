using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace SandQueue.Workers.Hosting;

/// <summary>
/// The settings files of the environments, <c>environments/NAME/environment.json</c> beside the program. They are the
/// lowest layer: the program's own settings, the environment variables and the command line go before them.
/// </summary>
public static class EnvironmentFiles
{
    private const string FileName = "environment.json";

    /// <param name="configuration">The program's settings.</param>
    /// <param name="folder">The folder that holds a folder per environment.</param>
    /// <exception cref="StartupException">A file cannot be read; the message names it and the place.</exception>
    public static void AddEnvironmentFiles(this IConfigurationBuilder configuration, string folder)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!Directory.Exists(folder)) return;

        foreach (var environment in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var file = Path.Combine(environment, FileName);
            if (File.Exists(file)) configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Read(file, Path.GetFileName(environment)) });
        }
    }

    private static Dictionary<string, string?> Read(string file, string environment)
    {
        var section = $"Worker:Environments:{environment}";
        try
        {
            var settings = new ConfigurationBuilder().AddJsonFile(file).Build().AsEnumerable().ToDictionary(setting => $"{section}:{setting.Key}", setting => setting.Value);

            // An environment whose file sets nothing is there all the same.
            settings.TryAdd($"{section}:{nameof(EnvironmentOptions.Enabled)}", bool.TrueString);
            return settings;
        }
        catch (Exception broken) when (broken is InvalidDataException or FormatException)
        {
            throw new StartupException($"{file} is not JSON: {broken.GetBaseException().Message}");
        }
    }
}
