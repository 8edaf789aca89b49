using System.Text.Json;

namespace SandQueue.Client.Commands;

/// <summary>Reads why a command has no answer, as REST v1 (<c>code</c>) and AMQP (<c>reason</c>) say it.</summary>
internal static class ProblemReader
{
    /// <summary>What AMQP calls an end that cannot be said now.</summary>
    private const string UnknownReason = "unknown";

    /// <param name="problem">The object.</param>
    /// <param name="end">How the command ended, where that is said elsewhere.</param>
    /// <param name="retryAfter">When to come back, where that is said.</param>
    /// <returns>Null where it is no problem.</returns>
    public static Refusal? Read(JsonElement problem, string? end = null, TimeSpan? retryAfter = null)
    {
        if (problem.ValueKind != JsonValueKind.Object || (Text(problem, "code") ?? Text(problem, "reason")) is not { } code) return null;
        if (code == UnknownReason) code = Codes.UnknownEnd;
        var detail = Text(problem, "detail") ?? code;
        return new Refusal(code, detail, end ?? Text(problem, "end") ?? (Codes.AreUnknownEnds(code) ? "unknown" : "rejected"), Text(problem, "cause"), retryAfter);
    }

    /// <summary>A member that is a string; null where it is not there, or something else.</summary>
    public static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
