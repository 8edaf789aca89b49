using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Calls;

namespace SandQueue.Gateway.Mcp;

/// <summary>Errors of requests that are none of MCP, as errors of JSON-RPC without an id.</summary>
internal sealed class McpErrorForm : ErrorForm
{
    /// <summary>What the protocol's SDKs say for a session that is not there.</summary>
    private const int NoSession = -32001;

    private const int InvalidRequest = -32600;
    private const int InternalError = -32603;

    private const string RetryAfterSeconds = "5";

    public override string Key => RequestKey.Words;

    public override Task WriteAsync(HttpContext context, int status, string detail, string? code)
    {
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        var error = new JsonObject
        {
            ["code"] = status switch { StatusCodes.Status404NotFound => NoSession, >= 500 => InternalError, _ => InvalidRequest },
            ["message"] = OneLine.Of(detail),
        };
        if (code is not null) error["data"] = new JsonObject { ["code"] = code };
        return JsonAnswer.ObjectAsync(context, status, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = null, ["error"] = error });
    }
}
