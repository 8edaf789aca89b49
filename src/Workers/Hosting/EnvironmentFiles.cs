using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

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
            if (!File.Exists(file)) continue;
            configuration.Sources.Insert(0, new JsonStreamConfigurationSource { Stream = Nested(file, Path.GetFileName(environment)) });
        }
    }

    private static MemoryStream Nested(string file, string environment)
    {
        try
        {
            using var settings = JsonDocument.Parse(
                File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (settings.RootElement.ValueKind != JsonValueKind.Object) throw new StartupException($"{file} must hold a JSON object");

            var nested = new MemoryStream();
            using (var writer = new Utf8JsonWriter(nested))
            {
                writer.WriteStartObject();
                writer.WriteStartObject("Worker");
                writer.WriteStartObject("Environments");
                writer.WritePropertyName(environment);
                settings.RootElement.WriteTo(writer);
                writer.WriteEndObject();
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            nested.Position = 0;
            return nested;
        }
        catch (JsonException broken)
        {
            throw new StartupException($"{file} is not JSON: {broken.Message}");
        }
    }
}
