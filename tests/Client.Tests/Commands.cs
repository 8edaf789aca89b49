using SandQueue.Contracts;

namespace SandQueue.Client.Tests;

internal static class Commands
{
    public static ReleaseInstance Release(string commandId, int remainingMs = 20_000) =>
        new() { CommandId = commandId, Caller = "a", RemainingMs = remainingMs, InstanceId = "i" };

    public static CreateInstance Create(string commandId, int remainingMs = 20_000) =>
        new() { CommandId = commandId, Caller = "a", RemainingMs = remainingMs, InstanceId = "i", EnvType = "countdown", TaskId = "t" };

    public static CommandReply Completed(string commandId) => new() { CommandId = commandId, Caller = "a", End = CommandEnd.Completed };
}
