using System.Text.Json;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

/// <summary>Code of an agent, in the message it comes in.</summary>
internal static class AgentCode
{
    public static byte[] Message(string code) => JsonSerializer.SerializeToUtf8Bytes(new { role = "assistant", content = $"```python\n{code}\n```" });

    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(this IEnvironmentInstance world, string code)
    {
        using var step = JsonDocument.Parse(await world.StepAsync(Message(code), default, TestContext.Current.CancellationToken));
        return step.RootElement.GetProperty("state")[0].GetProperty("content").GetString()!;
    }
}
