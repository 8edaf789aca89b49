using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The instance that a session plays.</summary>
/// <param name="InstanceId">Its name.</param>
/// <param name="EnvType">Its environment.</param>
/// <param name="TaskId">Its task.</param>
/// <param name="Tools">What the agent may call now.</param>
/// <param name="Step">The number of the last step that this gateway knows of; 0 before the first.</param>
internal sealed record OpenTask(string InstanceId, string EnvType, string TaskId, OfferedTools Tools, int Step);
