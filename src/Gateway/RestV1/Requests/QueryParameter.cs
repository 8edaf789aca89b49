using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>A parameter that a route takes in its query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as JSON Schema calls it: <c>string</c>, <c>integer</c> or <c>number</c>.</param>
/// <param name="Meaning">What it is for, with units and limits.</param>
internal sealed record QueryParameter(string Name, string Type, string Meaning)
{
    public static QueryParameter Cursor { get; } = new("cursor", "string", "the next_cursor of the page before; without it, the first page");

    public static QueryParameter Limit { get; } = new("limit", "integer", $"how many at most, 1 to {PageLimit.Largest}; {PageLimit.Usual} if not said");

    public static QueryParameter Episode { get; } = new("episode_id", "integer", "the one of that name and episode; without, the newest");

    public static QueryParameter Timeout { get; } = new("timeout", "number", "seconds that the command may take; at most, and without it, Gateway:CommandTimeout");

    /// <summary>A value that works; null where an example leaves the parameter out.</summary>
    public string? Example { get; init; }
}
