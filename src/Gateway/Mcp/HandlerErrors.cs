using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Mcp;

/// <summary>Says what is wrong with a request whose parameters the SDK cannot read, and logs what is wrong with us: the SDK says neither.</summary>
internal sealed partial class HandlerErrors(ILogger<HandlerErrors> log)
{
    public McpMessageHandler Around(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new McpProtocolException(OneLine.Of($"the parameters are not what MCP asks for: {exception.Message}"), McpErrorCode.InvalidParams);
        }
        catch (Exception exception) when (exception is not (McpException or OperationCanceledException))
        {
            Failed(exception);
            throw new McpProtocolException(OneLine.Of($"the gateway failed: {exception.Message}"), McpErrorCode.InternalError);
        }
    };

    [LoggerMessage(LogLevel.Error, "a request of MCP failed")]
    private partial void Failed(Exception failure);
}
