using System.Text.Json;

namespace SandQueue.Testing.Ors;

/// <summary>The events that answer a call.</summary>
/// <param name="Events">Each with its data, as the public client reads it: without blanks at the beginning.</param>
public sealed record OrsCall(IReadOnlyList<(string Name, string Data)> Events)
{
    public string TaskId => Events[0].Name == "task_id" ? Events[0].Data : throw new InvalidOperationException("the first event is no task_id");

    /// <summary>The result, joined of its pieces; null where the stream ended without an end.</summary>
    public JsonElement? Result => Events[^1].Name == "end" ? JsonElement.Parse(string.Concat(Events.Skip(1).Select(sent => sent.Data))) : null;

    /// <param name="stream">What came, to its end.</param>
    public static OrsCall Read(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var events = new List<(string, string)>();
        foreach (var sent in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(sent => !sent.StartsWith(':')))
        {
            var lines = sent.Split('\n').Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1].TrimStart());
            events.Add((lines["event"], lines["data"]));
        }

        return new OrsCall(events);
    }
}
