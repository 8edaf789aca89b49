using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.OpenEnv.Episodes;
using SandQueue.Gateway.OpenEnv.Mcp;

namespace SandQueue.Gateway.OpenEnv.Sessions;

/// <summary>MCP's requests on a connection: they are for its episode.</summary>
internal sealed class SessionMcp(OpenEnvSession session)
{
    public async Task<byte[]> AnswerAsync(JsonFields request, CancellationToken cancellationToken)
    {
        var id = RpcRequest.IdOf(request);
        try
        {
            var asked = RpcRequest.Read(request);
            switch (asked.Method)
            {
                case "tools/list":
                    return RpcAnswer.Tools(id, await session.ToolsAsync(cancellationToken));
                case "tools/call":
                    var (answer, json) = await session.TakeAsync(StepAction.ReadCall(asked.Params), cancellationToken);
                    return RpcAnswer.Call(id, answer, json, session.Evaluation);
                case "openenv/session/create":
                    var instance = session.RequireInstance();
                    return RpcAnswer.Result(id, writer => writer.WriteString("session_id", instance));
                default:
                    return RpcAnswer.Error(id, RpcAnswer.MethodNotFound, $"unknown method '{asked.Method}'; known on a connection are tools/list, tools/call and openenv/session/create");
            }
        }
        catch (BadRequestException exception)
        {
            return RpcAnswer.Error(id, RpcAnswer.InvalidRequest, exception.Message);
        }
        catch (OpenEnvException exception)
        {
            session.Forget(exception);
            return RpcAnswer.Error(id, exception);
        }
    }
}
