using System.Globalization;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>The results of a message's calls, and the message that brings them: a block each, in the order of the calls.</summary>
internal sealed class ToolResults
{
    // A file of a megabyte, shown by each of some hundred calls, would be an answer that nobody can take.
    private const int MostShown = 4_000_000;

    private readonly List<(string Name, string Result)> _results = [];
    private readonly List<ToolMessage> _messages = [];
    private int _left = MostShown;

    /// <summary>The answers to native calls; text has none.</summary>
    public IReadOnlyList<ToolMessage> ToolMessages => _messages;

    public void Add(AgentCall call, string result)
    {
        var shown = Shown(result);
        _results.Add((call.Name, shown));
        if (call.Id is not null) _messages.Add(new ToolMessage(call.Id, call.Name, shown));
    }

    public string Message() => string.Join('\n', _results.Select(result => $"<tool_call>\n{Block(result.Name, result.Result)}\n</tool_call>"));

    private string Shown(string result)
    {
        if (result.Length <= _left)
        {
            _left -= result.Length;
            return result;
        }

        var shown = string.Create(
            CultureInfo.InvariantCulture,
            $"{WholeCharacters.Beginning(result, _left)}… (cut: this result has {result.Length:N0} characters, and the results of a message are shown up to {MostShown:N0})");
        _left = 0;
        return shown;
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
        catch (Exception exception) when (exception is JsonException or PyError)
        {
            // Python's notation of a dict or list, or a number that JSON does not have or Python does not read.
            return result;
        }
    }
}
