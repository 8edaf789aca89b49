using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>Refuses members of <c>params</c> that nobody reads: a typo would otherwise pass in silence.</summary>
public static class ParameterNames
{
    /// <summary>What every environment takes, besides what it declares itself.</summary>
    private static readonly string[] Shared = ["seed", "max_steps", "prompt_template"];

    /// <summary>
    /// Taken by every environment, and no part of what it offers: what is read on the way to this server (how long, which
    /// step, which command), and what AgentEvolver's client sends to all environments though it means something to one.
    /// </summary>
    private static readonly string[] Unlisted = ["_timeout_ms", "_step", "_command_id", "is_open_query"];

    /// <summary>Refuses a member of <c>params</c> that is neither an environment's own nor every environment's.</summary>
    /// <param name="parameters">The request's <c>params</c>: an object, or undefined where there were none.</param>
    /// <param name="environment">The environment's name.</param>
    /// <param name="own">The names that it takes besides those that every environment takes.</param>
    /// <exception cref="InvalidRequestException">A member is unknown; the message names the known ones.</exception>
    public static void Check(JsonElement parameters, string environment, IEnumerable<string> own)
    {
        string[] known = [.. Shared.Union(own).Order(StringComparer.Ordinal)];
        if (Unknown(parameters, [.. known, .. Unlisted]) is { } name)
        {
            throw new InvalidRequestException($"{environment} takes no params.{Shown(name, known)}");
        }
    }

    /// <summary>Refuses an unknown member of an object inside of <c>params</c>.</summary>
    /// <param name="members">That object.</param>
    /// <param name="where">Its name.</param>
    /// <param name="known">The names that its members may have.</param>
    /// <exception cref="InvalidRequestException">A member is unknown; the message names the known ones.</exception>
    internal static void CheckMembers(JsonElement members, string where, IReadOnlyList<string> known)
    {
        if (Unknown(members, known) is { } name) throw new InvalidRequestException($"there is no {where}.{Shown(name, known)}");
    }

    // A null is a missing member, whatever its name.
    private static string? Unknown(JsonElement members, IReadOnlyList<string> known) => members.ValueKind != JsonValueKind.Object
        ? null
        : members.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(Name).FirstOrDefault(name => !known.Contains(name));

    private static string Shown(string name, IReadOnlyList<string> known)
    {
        var near = NearName.Of(name, known) is { } meant ? $" (did you mean {meant}?)" : "";
        return $"{AgentText.Quoted(name)[1..^1]}{near}; there is {string.Join(", ", known)}";
    }

    private static string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, of which the library makes no text.
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }
}
