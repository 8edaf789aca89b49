using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>One function call of an agent's message, or the attempt at one.</summary>
/// <param name="Id">The id of a native call; null for a call written in the text.</param>
/// <param name="Name">The function's name as the agent wrote it; empty where it could not be read.</param>
/// <param name="Arguments">A JSON object; undefined where there is a mistake.</param>
/// <param name="Mistake">Why the call cannot be read, said to the agent in a clause; null for a sound call.</param>
public sealed record AgentCall(string? Id, string Name, JsonElement Arguments, string? Mistake = null)
{
    /// <summary>Reads one native call by itself; <see cref="AgentMessage.Read"/> reads all of a message.</summary>
    public static AgentCall Read(NativeToolCall call) => CallReader.Native(call);

    internal static AgentCall Broken(string? id, string name, string mistake) => new(id, name, default, mistake);
}
