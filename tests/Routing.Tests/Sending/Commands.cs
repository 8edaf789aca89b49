using SandQueue.Contracts;

namespace SandQueue.Routing.Tests.Sending;

internal static class Commands
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static ReleaseInstance Release(string commandId) =>
        new() { CommandId = commandId, Tenant = "a", RemainingMs = 20_000, InstanceId = "i" };

    public static CreateInstance Create(string commandId) =>
        new() { CommandId = commandId, Tenant = "a", RemainingMs = 20_000, InstanceId = "i", EnvType = "countdown", TaskId = "t" };

    public static StepInstance Step(string commandId, string action) =>
        new() { CommandId = commandId, Tenant = "a", RemainingMs = 20_000, InstanceId = "i", Action = System.Text.Encoding.UTF8.GetBytes(action) };

    public static CommandReply Completed(string commandId) => new() { CommandId = commandId, Tenant = "a", End = CommandEnd.Completed };
}
