using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// Reads the action of a step for protocols whose servers know no messages. The reader is the one of our own environment
/// server, so that a message means the same everywhere; what it means, <see cref="AgentMessage"/> says.
/// </summary>
internal static class ActionJson
{
    /// <summary>What an agent nests too deep is answered by an observation; the parser needs no stack for it.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1_000_000 };

    /// <exception cref="EnvironmentRejectedException">It is no message: that is the caller's mistake, not the agent's.</exception>
    public static AgentAction Read(ReadOnlyMemory<byte> action)
    {
        try
        {
            using var document = JsonDocument.Parse(action.IsEmpty ? "{}"u8.ToArray() : action, Options);
            return ActionReader.Read(document.RootElement);
        }
        catch (InvalidRequestException exception)
        {
            throw new EnvironmentRejectedException(exception.Message);
        }
        catch (JsonException exception)
        {
            throw new EnvironmentRejectedException($"the action cannot be read: {exception.Message}");
        }
    }
}
