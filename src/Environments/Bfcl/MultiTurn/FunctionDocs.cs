using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>The benchmark's descriptions of the services' functions: a file a class, a function a line.</summary>
internal sealed class FunctionDocs
{
    private static readonly (string ClassName, string File)[] Files =
    [
        ("GorillaFileSystem", "gorilla_file_system"), ("MathAPI", "math_api"), ("MessageAPI", "message_api"), ("TwitterAPI", "posting_api"),
        ("TicketAPI", "ticket_api"), ("TradingBot", "trading_bot"), ("TravelAPI", "travel_booking"), ("VehicleControlAPI", "vehicle_control"),
    ];

    private readonly Dictionary<string, IReadOnlyList<JsonElement>> _functions = new(StringComparer.Ordinal);

    public FunctionDocs(DataFiles files)
    {
        foreach (var (className, file) in Files)
        {
            var name = $"multi_turn_func_doc/{file}.json";
            if (files.Read(name, $"tasks with {className} are not served") is { } content) _functions[className] = Read(files, name, content);
        }
    }

    /// <summary>The functions of a class, in the data's order; null where they could not be loaded.</summary>
    public IReadOnlyList<JsonElement>? Find(string className) => _functions.GetValueOrDefault(className);

    private static List<JsonElement> Read(DataFiles files, string name, byte[] content)
    {
        var functions = new List<JsonElement>();
        var number = 0;
        foreach (var line in System.Text.Encoding.UTF8.GetString(content).Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Parse(line, functions) is { } flaw) files.Report(name, number, flaw);
        }

        return functions;
    }

    private static string? Parse(string line, List<JsonElement> functions)
    {
        try
        {
            var function = JsonElement.Parse(line);
            if (function.ValueKind != JsonValueKind.Object) return $"is {function.Shown()}, not an object";
            if (OfferedTools.Flaw(function) is { } flaw) return flaw;
            functions.Add(function);
            return null;
        }
        catch (JsonException exception)
        {
            return $"is not JSON at byte {exception.BytePositionInLine}";
        }
    }
}
