using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Calls;

/// <summary>JSON of the command line and of files that it names. What is wrong is told with file and line.</summary>
internal static class JsonInput
{
    /// <summary>An object given as text.</summary>
    public static JsonObject? Object(string? text, string option)
    {
        if (text is null) return null;

        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException)
        {
            throw CliException.Usage($"{option} is no JSON object; write it like '{{\"name\": 1}}'");
        }
    }

    /// <summary>All lines of a file of JSON lines, each with its number; empty lines are none.</summary>
    public static IReadOnlyList<(int Line, JsonNode Value)> Lines(string path)
    {
        var read = new List<(int, JsonNode)>();
        var number = 0;
        foreach (var line in Open(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;

            try
            {
                read.Add((number, JsonNode.Parse(line) ?? throw new JsonException("it is null")));
            }
            catch (JsonException exception)
            {
                throw At(path, number, $"no JSON ({exception.Message.Split('.')[0]}); nothing was started");
            }
        }

        return read.Count > 0 ? read : throw CliException.Usage($"{path} has no lines; nothing was started");
    }

    /// <summary>The lines of a file that are no JSON, as ids of tasks; what begins with <c>#</c> is a remark.</summary>
    public static IReadOnlyList<string> Words(string path)
    {
        var words = Open(path).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')).ToList();
        return words.Count > 0 ? words : throw CliException.Usage($"{path} has no lines; nothing was started");
    }

    public static CliException At(string path, int line, string wrong) => CliException.Usage(string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}: {wrong}"));

    private static string[] Open(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(ExitCode.Usage, $"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
