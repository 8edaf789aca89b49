using System.Text;
using System.Text.Json;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>The message that brings the results of calls: a block each, in the order of the calls.</summary>
internal static class ToolResults
{
    public static string Message(IReadOnlyList<(string Name, string Result)> results)
    {
        var blocks = results.Select(result => $"<tool_call>\n{Block(result.Name, result.Result)}\n</tool_call>");
        return string.Join('\n', blocks);
    }

    private static string Block(string name, string result) =>
        PyJson.TryWrite(new PyDict(("name", name), ("content", Content(result))), asciiOnly: false)!;

    // A result that is JSON itself is shown as such, not as JSON in a string.
    private static PyValue Content(string result)
    {
        if (result.AsSpan().TrimStart() is not ['{' or '[', ..]) return result;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(result));
            return PyJson.Read(document.RootElement);
        }
        catch (JsonException)
        {
            // Python's notation of a dict or list, or a number that JSON does not have.
            return result;
        }
    }
}
