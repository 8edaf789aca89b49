using SandQueue.Contracts;

namespace SandQueue.Telemetry.Tests;

/// <summary>Commands to measure and trace.</summary>
internal static class Commands
{
    public static StepInstance Step => new() { CommandId = "c1", Tenant = "t", InstanceId = "i1", RemainingMs = 1000, Action = [] };

    public static CreateInstance Create => new() { CommandId = "c2", Tenant = "t", InstanceId = "i2", RemainingMs = 1000, EnvType = "lake", TaskId = "1" };

    public static EvaluateInstance Evaluate => new() { CommandId = "c3", Tenant = "t", InstanceId = "i1", RemainingMs = 1000 };

    public static ReleaseInstance Release => new() { CommandId = "c4", Tenant = "t", InstanceId = "i1", RemainingMs = 1000 };
}
