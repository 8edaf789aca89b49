using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.OpenEnv.Mcp;

/// <summary>A request of JSON-RPC 2.0.</summary>
/// <param name="Id">Its id; undefined where it has none.</param>
/// <param name="Method">What is asked.</param>
/// <param name="Params">With what.</param>
internal readonly record struct RpcRequest(JsonElement Id, string Method, JsonFields Params)
{
    /// <exception cref="BadRequestException">It is none.</exception>
    public static RpcRequest Read(JsonFields request)
    {
        if (request.Optional("jsonrpc") != "2.0") throw new BadRequestException("jsonrpc must be \"2.0\"");
        return new RpcRequest(IdOf(request), request.Required("method"), new JsonFields(request.Object("params")));
    }

    /// <summary>The id to answer under; undefined where there is none that could be.</summary>
    public static JsonElement IdOf(JsonFields request) => request.Value("id") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } id ? id : default;
}
