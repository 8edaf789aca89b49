using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>What a caller's <c>params</c> say at Create, for protocols whose servers know nothing of them.</summary>
/// <param name="Seed"><c>params.seed</c>.</param>
/// <param name="System"><c>params.prompt_template</c>, or its <c>system</c>: other wording of the first message.</param>
/// <param name="User"><c>params.prompt_template.user</c>: other wording of the second.</param>
/// <param name="Sparse"><c>params.sparse</c>.</param>
/// <param name="Reset"><c>params.reset</c>, a JSON object as it was written; empty where there is none.</param>
internal sealed record CreateParameters(long? Seed, string? System, string? User, bool Sparse, ReadOnlyMemory<byte> Reset)
{
    /// <exception cref="EnvironmentRejectedException">A value has the wrong type.</exception>
    public static CreateParameters Read(ReadOnlyMemory<byte> parameters)
    {
        if (parameters.IsEmpty) return new CreateParameters(null, null, null, Sparse: false, default);
        try
        {
            using var document = JsonDocument.Parse(parameters);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new EnvironmentRejectedException($"params cannot be read: {exception.Message}");
        }
    }

    /// <summary>Fills the wording of both messages.</summary>
    /// <param name="system">The environment's own wording of the first.</param>
    /// <param name="user">The environment's own wording of the second.</param>
    /// <param name="slots">Text by slot; a slot is written <c>{{name}}</c>.</param>
    /// <exception cref="EnvironmentRejectedException">The caller's wording has a slot that is not filled here.</exception>
    public (string System, string User) Fill(string system, string user, IReadOnlyDictionary<string, string> slots) =>
        (Fill(System ?? system, slots), Fill(User ?? user, slots));

    /// <summary>Characters that a filled message has at most: a short template may name a long slot a hundred thousand times.</summary>
    private const int LongestPrompt = 1 << 20;

    private static CreateParameters Read(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object) throw new EnvironmentRejectedException("params must be a JSON object");
        var template = Given(parameters, "prompt_template");
        return new CreateParameters(
            Given(parameters, "seed") is not { } seed ? null : seed.ValueKind == JsonValueKind.Number && seed.TryGetInt64(out var number)
                ? number
                : throw new EnvironmentRejectedException("params.seed must be an integer"),
            template is { ValueKind: JsonValueKind.Object } parts ? Text(parts, "system") : template is null ? null : Text(parameters, "prompt_template"),
            template is { ValueKind: JsonValueKind.Object } both ? Text(both, "user") : null,
            Given(parameters, "sparse") is { ValueKind: JsonValueKind.True },
            Given(parameters, "reset") is not { } reset ? default : reset.ValueKind == JsonValueKind.Object
                ? JsonSerializer.SerializeToUtf8Bytes(reset)
                : throw new EnvironmentRejectedException("params.reset must be a JSON object"));
    }

    private static string Fill(string wording, IReadOnlyDictionary<string, string> slots)
    {
        var text = new System.Text.StringBuilder();
        var rest = wording.AsSpan();
        while (rest.IndexOf("{{") is var open and >= 0 && rest[open..].IndexOf("}}") is var length and > 0)
        {
            var name = rest.Slice(open + 2, length - 2).Trim().ToString();
            if (!slots.TryGetValue(name, out var value))
            {
                throw new EnvironmentRejectedException($"params.prompt_template has the slot {{{{{name}}}}}; this environment fills {string.Join(", ", slots.Keys.Order(StringComparer.Ordinal))}");
            }

            Append(rest[..open]);
            Append(value);
            rest = rest[(open + length + 2)..];
        }

        Append(rest);
        return text.ToString();

        void Append(ReadOnlySpan<char> piece)
        {
            if (piece.Length > LongestPrompt - text.Length)
            {
                throw new EnvironmentRejectedException($"params.prompt_template becomes longer than {LongestPrompt} characters with its slots filled; that is the limit");
            }

            text.Append(piece);
        }
    }

    private static string? Text(JsonElement members, string name) => Given(members, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => JsonText.Read(text),
        _ => throw new EnvironmentRejectedException($"params: {name} must be a string"),
    };

    private static JsonElement? Given(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
