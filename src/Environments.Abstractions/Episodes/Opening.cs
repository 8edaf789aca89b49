using System.Text.Json.Nodes;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// What Create answers. The state of an episode begins with exactly two messages, and for a task they are the same to
/// the byte every time: no ids, no times, a fixed order of keys. Trainers cache prefixes by it.
/// </summary>
/// <param name="System">Content of the system message.</param>
/// <param name="User">Content of the first user message.</param>
/// <param name="Tools">The tools as a JSON array of OpenAI function schemas, in UTF-8; <c>[]</c> where there are none.</param>
public sealed record Opening(string System, string User, ReadOnlyMemory<byte> Tools)
{
    /// <summary>The <see cref="Tools"/> of a task without tools.</summary>
    public static readonly ReadOnlyMemory<byte> NoTools = "[]"u8.ToArray();

    /// <summary>More members for <c>info</c>; the server itself adds ids, tools, seed and provenance.</summary>
    public JsonObject? Info { get; init; }
}
