using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.RestV1.Answers;

/// <summary>Errors as problem details (RFC 9457), with a <c>code</c> that stays what it is.</summary>
internal sealed class ProblemForm : ErrorForm
{
    public const string ContentType = "application/problem+json";

    private const string RetryAfterSeconds = "5";

    public override string Key => IdempotencyKey.Header;

    public override Task WriteAsync(HttpContext context, int status, string detail, string? code)
    {
        if ((status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests) && context.Response.Headers.RetryAfter.Count == 0) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return JsonAnswer.ObjectAsync(context, status, Of(status, code ?? CodeOf(status), detail), ContentType);
    }

    /// <summary>Why a command has no answer. A failure has no reward: null, and never 0.</summary>
    public static JsonObject Of(CommandProblem problem, string commandId)
    {
        var answer = Of(problem.Status, problem.Code, problem.Detail);
        answer["command_id"] = commandId;
        if (problem.Refusal is CommandOutcome.Rejected) return answer;
        answer["end"] = problem.Refusal is { } refusal ? OutcomeNames.End(refusal) : "unknown";
        answer["reward"] = null;
        answer["valid"] = false;
        answer["cause"] = problem.Refusal is { } known ? OutcomeNames.Cause(known) : "infrastructure";
        return answer;
    }

    private static JsonObject Of(int status, string code, string detail) => new()
    {
        ["type"] = "about:blank",
        ["title"] = ReasonPhrases.GetReasonPhrase(status),
        ["status"] = status,
        ["code"] = code,
        ["detail"] = OneLine.Of(detail),
    };

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "unauthenticated",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status404NotFound => "unknown_route",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status408RequestTimeout => "request_timeout",
        StatusCodes.Status413PayloadTooLarge => "body_too_large",
        >= 500 => ErrorCodes.InternalError,
        _ => "invalid_request",
    };
}
