using System.Text.Json;

namespace SandQueue.Rollouts.Reports;

/// <summary>Values of enumerations as they stand in JSON: <c>completed</c>, <c>infrastructure</c>.</summary>
internal static class WireNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
