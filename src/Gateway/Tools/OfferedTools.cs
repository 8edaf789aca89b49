using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Tools;

/// <summary>
/// What an agent may call in an episode now: the tools in <c>info.tools</c> of the Create's answer (OpenAI function schemas), until a step's answer has others,
/// and <see cref="OfferedTool.SendMessage"/> where no tool of the environment has that name.
/// </summary>
internal sealed class OfferedTools
{
    private static readonly JsonElement AnyParameters = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>Those of an episode in which an agent acts by plain messages.</summary>
    public static OfferedTools None { get; } = new([]);

    private readonly OfferedTool[] _own;

    private OfferedTools(OfferedTool[] own)
    {
        _own = own;
        All = Takes(OfferedTool.SendMessage.Name) ? own : [.. own, OfferedTool.SendMessage];
    }

    /// <summary>The environment's in their order, then that of the doors.</summary>
    public IReadOnlyList<OfferedTool> All { get; }

    /// <summary>The environment has no tools: an agent acts by plain messages.</summary>
    public bool IsTextOnly => _own.Length == 0;

    /// <param name="answer">What a Create answered.</param>
    public static OfferedTools Of(ReadOnlyMemory<byte> answer) => new(Read(answer) ?? []);

    /// <summary>The tools after a step.</summary>
    /// <param name="answer">What the step answered. In some episodes more functions are handed out on the way; <c>info.tools</c> has all of them then.</param>
    /// <returns>These where the answer names none.</returns>
    public OfferedTools After(ReadOnlyMemory<byte> answer) => Read(answer) is { } changed ? new OfferedTools(changed) : this;

    /// <summary>The tools of the environment that both have and describe alike.</summary>
    public OfferedTools InCommonWith(OfferedTools other) => new([.. _own.Where(tool => other._own.Any(twin => AreSame(tool, twin)))]);

    /// <summary>Whether a name is that of a tool of the environment itself, and not the doors' <c>send_message</c>.</summary>
    public bool Takes(string name) => _own.Any(tool => tool.Name == name);

    /// <summary>Whether an agent sees the same tools.</summary>
    public bool IsSameAs(OfferedTools other) =>
        All.Count == other.All.Count
        && All.Zip(other.All).All(pair => AreSame(pair.First, pair.Second));

    private static bool AreSame(OfferedTool one, OfferedTool other) =>
        one.Name == other.Name && one.Description == other.Description && JsonElement.DeepEquals(one.Parameters, other.Parameters);

    /// <returns>Null where the answer has no list of tools.</returns>
    private static OfferedTool[]? Read(ReadOnlyMemory<byte> answer)
    {
        using var document = ReadableJson.Parse(answer);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object
            && info.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
            ? [.. tools.EnumerateArray().Select(Read).OfType<OfferedTool>().DistinctBy(tool => tool.Name, StringComparer.Ordinal)]
            : null;
    }

    /// <summary>A foreign image may list anything: what has no name cannot be called.</summary>
    private static OfferedTool? Read(JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) return null;
        var function = Member(tool, "function", JsonValueKind.Object) ?? tool;
        return Member(function, "name", JsonValueKind.String)?.GetString() is { Length: > 0 } name
            ? new OfferedTool(name, Member(function, "description", JsonValueKind.String)?.GetString() ?? "", Member(function, "parameters", JsonValueKind.Object)?.Clone() ?? AnyParameters)
            : null;
    }

    private static JsonElement? Member(JsonElement owner, string name, JsonValueKind kind) => owner.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
