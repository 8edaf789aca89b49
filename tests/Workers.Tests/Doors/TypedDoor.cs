using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Workers.Tests.Doors;

/// <summary>A made-up door that takes typed calls within the process: what the command core asks of every door, and no more.</summary>
internal sealed class TypedDoor(ICommandRouter router, string tenant)
{
    private const int LimitMs = 30_000;

    public async Task<JsonElement> CreateAsync(string environment, string task, string instance, CancellationToken cancellationToken) =>
        Render(await router.CreateAsync(
            new CreateInstance { CommandId = NewId(), Tenant = tenant, RemainingMs = LimitMs, EnvType = environment, TaskId = task, InstanceId = instance }, cancellationToken));

    public async Task<JsonElement> StepAsync(string instance, string text, CancellationToken cancellationToken) =>
        Render(await router.SendAsync(
            new StepInstance { CommandId = NewId(), Tenant = tenant, RemainingMs = LimitMs, InstanceId = instance, Action = Message(text) }, cancellationToken));

    public async Task<JsonElement> EvaluateAsync(string instance, CancellationToken cancellationToken) =>
        Render(await router.SendAsync(
            new EvaluateInstance { CommandId = NewId(), Tenant = tenant, RemainingMs = LimitMs, InstanceId = instance, Params = """{"sparse":true}"""u8.ToArray() }, cancellationToken));

    public async Task<JsonElement> ReleaseAsync(string instance, CancellationToken cancellationToken) =>
        Render(await router.SendAsync(new ReleaseInstance { CommandId = NewId(), Tenant = tenant, RemainingMs = LimitMs, InstanceId = instance }, cancellationToken));

    private static string NewId() => Guid.CreateVersion7().ToString("n");

    private static byte[] Message(string text) => Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(text)}}}""");

    /// <summary>The outcomes are closed: this is all that can become of a command.</summary>
    private static JsonElement Render(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Completed completed => JsonElement.Parse(completed.Answer),
        CommandOutcome.Refusal refusal => throw new TypedDoorException(refusal.Reason, refusal.Detail),
        _ => throw new TypedDoorException(CommandReason.TimedOut, "the end of the command is unknown; send it again under the same id"),
    };
}

/// <summary>How this door says that there is no answer.</summary>
internal sealed class TypedDoorException(CommandReason reason, string detail) : Exception(detail)
{
    public CommandReason Reason => reason;
}
