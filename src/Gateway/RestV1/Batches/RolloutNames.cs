using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Results;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary>The names of ends and causes in requests.</summary>
internal static class RolloutNames
{
    private static readonly Dictionary<string, CommandEnd> Ends = Enum.GetValues<CommandEnd>().ToDictionary(RolloutJson.Name);
    private static readonly Dictionary<string, RolloutCause> Causes = Enum.GetValues<RolloutCause>().ToDictionary(RolloutJson.Name);

    public static string AllEnds { get; } = string.Join(", ", Ends.Keys);

    public static string AllCauses { get; } = string.Join(", ", Causes.Keys);

    public static CommandEnd? End(string? name, string member)
    {
        if (name is null) return null;
        return Ends.TryGetValue(name, out var end) ? end : throw new BadRequestException($"{member} must be one of {AllEnds}");
    }

    public static int? Cause(string? name, string member)
    {
        if (name is null) return null;
        return Causes.TryGetValue(name, out var cause) ? (int)cause : throw new BadRequestException($"{member} must be one of {AllCauses}");
    }
}
