namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>A durable session is found again by the name of its instance: its Create has a command id that follows from it, and so happens once.</summary>
internal static class DurableName
{
    /// <summary>Command ids have at most 200 characters.</summary>
    public const int Longest = 180;

    public static string CommandId(string instanceId) => $"openenv.{instanceId}";
}
