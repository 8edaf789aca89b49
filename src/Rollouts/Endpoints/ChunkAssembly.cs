using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>
/// Puts the pieces of a streamed chat answer together: <c>choices[0].delta</c> to one message, and whatever else the pieces bring, known or not, beside it.
/// </summary>
internal sealed class ChunkAssembly
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly AssembledObject _answer = new();
    private readonly AssembledObject _choice = new();
    private readonly AssembledObject _message = new();

    /// <summary>Whether a piece said why the answer ends.</summary>
    public bool IsFinished { get; private set; }

    public void Add(JsonElement chunk)
    {
        foreach (var member in chunk.EnumerateObject())
        {
            var name = member.NameText();
            if (name == "choices") AddChoices(member.Value);
            else if (name != "object") _answer.Set(member);
        }
    }

    /// <summary>The answer as one that came whole.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            _answer.WriteMembers(writer);
            writer.WriteString("object", "chat.completion");
            writer.WriteStartArray("choices");
            if (!_choice.IsEmpty || !_message.IsEmpty) WriteChoice(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void AddChoices(JsonElement choices)
    {
        if (choices.ValueKind != JsonValueKind.Array) return;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind != JsonValueKind.Object || (choice.TryGetMember("index", out var index) && index.ValueKind == JsonValueKind.Number && index.GetDouble() != 0)) continue;
            foreach (var member in choice.EnumerateObject())
            {
                var name = member.NameText();
                if (name == "delta")
                {
                    if (member.Value.ValueKind == JsonValueKind.Object) _message.Merge(member.Value);
                }
                else if (name == "finish_reason")
                {
                    IsFinished |= member.Value.ValueKind == JsonValueKind.String;
                    _choice.Set(member);
                }
                else
                {
                    _choice.Merge(member);
                }
            }
        }
    }

    private void WriteChoice(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        _choice.WriteMembers(writer);
        writer.WriteStartObject("message");
        _message.WriteMembers(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
