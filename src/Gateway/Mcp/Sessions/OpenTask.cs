using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The instance that a session plays.</summary>
/// <param name="InstanceId">Its name.</param>
/// <param name="EnvType">Its environment.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="Tools">What the agent may call now.</param>
/// <param name="Step">The number of the last step that this gateway knows of; 0 before the first.</param>
/// <param name="LastCommand">The id of the last command on it that this gateway knows of.</param>
/// <param name="IsStale">Whether steps were taken elsewhere after that one, so that its tools may be others by now.</param>
internal sealed record OpenTask(string InstanceId, string EnvType, string TaskId, OfferedTools Tools, int Step, string LastCommand, bool IsStale = false);
