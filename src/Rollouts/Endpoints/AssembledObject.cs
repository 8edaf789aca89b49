using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>
/// A JSON object that comes in pieces. Texts and lists grow by what each piece adds, objects member by member, calls of tools by their <c>index</c>; of all else
/// the newest stands, and of names and ids the first.
/// </summary>
internal sealed class AssembledObject
{
    /// <summary>Texts that come whole, and come again.</summary>
    private static readonly string[] Whole = ["role", "id", "type", "name", "stop_reason", "finish_reason"];

    private readonly List<string> _order = [];

    /// <summary>By name: a <see cref="StringBuilder"/>, an <see cref="AssembledObject"/>, a list of elements, calls by index, or an element.</summary>
    private readonly Dictionary<string, object> _members = [];

    public bool IsEmpty => _order.Count == 0;

    /// <summary>Takes a member as it is, unless it is null and was more before.</summary>
    public void Set(JsonProperty member)
    {
        var name = member.NameText();
        if (member.Value.ValueKind != JsonValueKind.Null || !_members.ContainsKey(name)) Put(name, member.Value);
    }

    public void Merge(JsonElement piece)
    {
        foreach (var member in piece.EnumerateObject()) Merge(member);
    }

    public void Merge(JsonProperty member)
    {
        var (name, value) = (member.NameText(), member.Value);
        var known = _members.GetValueOrDefault(name);
        switch (value.ValueKind)
        {
            case JsonValueKind.String when Array.IndexOf(Whole, name) >= 0:
                if (known is not JsonElement { ValueKind: JsonValueKind.String } text || text.ValueEquals(""u8)) Put(name, value);
                break;
            case JsonValueKind.String:
                Grown<StringBuilder>(name, known).Append(value.Text());
                break;
            case JsonValueKind.Object:
                Grown<AssembledObject>(name, known).Merge(value);
                break;
            case JsonValueKind.Array when name == "tool_calls":
                AddCalls(Grown<SortedDictionary<int, AssembledObject>>(name, known), value);
                break;
            case JsonValueKind.Array:
                Grown<List<JsonElement>>(name, known).AddRange(value.EnumerateArray());
                break;
            default:
                Set(member);
                break;
        }
    }

    public void WriteMembers(Utf8JsonWriter writer)
    {
        foreach (var name in _order)
        {
            writer.WritePropertyName(name);
            Write(writer, _members[name]);
        }
    }

    private static void AddCalls(SortedDictionary<int, AssembledObject> calls, JsonElement pieces)
    {
        foreach (var piece in pieces.EnumerateArray())
        {
            if (piece.ValueKind != JsonValueKind.Object) continue;
            var index = piece.TryGetMember("index", out var given) && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) ? number : calls.Count;
            if (!calls.TryGetValue(index, out var call)) calls[index] = call = new AssembledObject();
            foreach (var member in piece.EnumerateObject())
            {
                // It says where a piece belongs, and has no meaning in a whole message.
                if (member.NameText() != "index") call.Merge(member);
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case StringBuilder text:
                writer.WriteStringValue(text.ToString());
                break;
            case AssembledObject members:
                writer.WriteStartObject();
                members.WriteMembers(writer);
                writer.WriteEndObject();
                break;
            case SortedDictionary<int, AssembledObject> calls:
                writer.WriteStartArray();
                foreach (var call in calls.Values) Write(writer, call);
                writer.WriteEndArray();
                break;
            case List<JsonElement> items:
                writer.WriteStartArray();
                foreach (var item in items) WriteRaw(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteRaw(writer, (JsonElement)value);
                break;
        }
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonElement value) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    private T Grown<T>(string name, object? known)
        where T : new()
    {
        if (known is T same) return same;
        var begun = new T();
        Put(name, begun);
        return begun;
    }

    private void Put(string name, object value)
    {
        if (!_members.ContainsKey(name)) _order.Add(name);
        _members[name] = value;
    }
}
