using System.Text.Json;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Episodes;

/// <summary>Refuses entries of an imported episode that exports, replays and the recorded environment could not read.</summary>
internal static class EntryForm
{
    /// <exception cref="FormatException">What is wrong, one line.</exception>
    public static void Check(JournalEntry entry)
    {
        if (entry.Kind is not (JournalKind.Create or JournalKind.Step)) return;
        var what = entry.Kind == JournalKind.Create ? "its create" : $"its step {entry.Step}";
        if (entry.Kind == JournalKind.Step)
        {
            using var action = JsonDocument.Parse(entry.Action);
            if (action.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException($"the action of {what} is no object");
        }

        using var document = JsonDocument.Parse(entry.Answer);
        var answer = document.RootElement;
        if (answer.ValueKind != JsonValueKind.Object) throw new FormatException($"the answer of {what} is no object");
        if (!answer.TryGetProperty("state", out var state) || state.ValueKind != JsonValueKind.Array) throw new FormatException($"the answer of {what} has no list \"state\"");
        CheckObjects(state, "state", what);
        if (!answer.TryGetProperty("info", out var info) || info.ValueKind != JsonValueKind.Object) return;
        foreach (var name in (string[])["tools", "tool_messages"])
        {
            if (info.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array) CheckObjects(list, name, what);
        }
    }

    private static void CheckObjects(JsonElement list, string name, string what)
    {
        foreach (var element in list.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object) throw new FormatException($"\"{name}\" in the answer of {what} has something that is no object");
            if (name == "tools" && element.TryGetProperty("function", out var function) && function.ValueKind != JsonValueKind.Object) throw new FormatException($"a tool in the answer of {what} has a \"function\" that is no object");
        }
    }
}
