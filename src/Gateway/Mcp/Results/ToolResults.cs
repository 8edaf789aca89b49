using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Tools;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Mcp.Results;

/// <summary>Writes ends of commands as results of tools: in <c>structuredContent</c> for programs, and in text for agents that read nothing else.</summary>
internal static class ToolResults
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CallToolResult Opening(string instance, string commandId, string environment, string task, int steps, ReadOnlyMemory<byte> answer)
    {
        var said = AnswerText.Of(answer);
        return Of(
            new JsonObject
            {
                ["env_type"] = environment,
                ["task_id"] = task,
                ["messages"] = new JsonArray([.. said.Messages.Select(message => new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]),
                ["steps"] = steps,
            },
            instance,
            commandId,
            [.. said.Messages.Select(message => message.Content), $"[instance {instance}, step {steps}]"]);
    }

    public static CallToolResult Step(string instance, string commandId, ReadOnlyMemory<byte> answer)
    {
        var said = AnswerText.Of(answer);
        return Of(
            new JsonObject
            {
                ["step"] = said.Step,
                ["observation"] = said.Text,
                ["reward"] = said.Reward,
                ["terminated"] = said.IsTerminated,
                ["truncated"] = said.IsTruncated,
                ["end_reason"] = said.EndReason,
            },
            instance,
            commandId,
            [said.Text, string.Create(CultureInfo.InvariantCulture, $"[step {said.Step}, reward {said.Reward}{(said.IsTerminated ? $", the episode is over: {said.EndReason}" : "")}]")]);
    }

    public static CallToolResult Evaluation(string instance, string commandId, ReadOnlyMemory<byte> answer)
    {
        using var read = ReadableJson.Parse(answer);
        var evaluation = JsonSerializer.SerializeToNode(read.RootElement);
        return Of(new JsonObject { ["score"] = Score(read.RootElement), ["evaluation"] = evaluation }, instance, commandId, [Encoding.UTF8.GetString(answer.Span)]);
    }

    public static CallToolResult Release(string instance, string commandId) => Of(new JsonObject { ["released"] = true }, instance, commandId, [$"[instance {instance} is released]"]);

    /// <summary>What is no command's: without an instance and an id.</summary>
    public static CallToolResult List(JsonObject list, IEnumerable<string> lines)
    {
        list["valid"] = true;
        return new CallToolResult { Content = [Text(string.Join('\n', lines))], StructuredContent = JsonSerializer.SerializeToElement(list, Plain) };
    }

    /// <summary>There is no result: <c>isError</c>, the reason, and no reward.</summary>
    public static CallToolResult Failure(string? instance, string commandId, CommandProblem problem)
    {
        var told = new JsonObject { ["reward"] = null, ["score"] = null, ["valid"] = false, ["command_id"] = commandId };
        if (instance is not null) told["instance_id"] = instance;
        told["end"] = problem.Refusal is { } refusal ? OutcomeNames.End(refusal) : "unknown";
        told["code"] = problem.Code;
        told["detail"] = OneLine.Of(problem.Detail);
        if (problem.Refusal is not CommandOutcome.Rejected) told["cause"] = problem.Refusal is { } known ? OutcomeNames.Cause(known) : "infrastructure";
        return new CallToolResult { Content = [Text($"{problem.Code}: {OneLine.Of(problem.Detail)}")], StructuredContent = JsonSerializer.SerializeToElement(told, Plain), IsError = true };
    }

    private static CallToolResult Of(JsonObject told, string instance, string commandId, string[] texts)
    {
        told["valid"] = true;
        told["instance_id"] = instance;
        told["command_id"] = commandId;
        told["end"] = "completed";
        return new CallToolResult { Content = [.. texts.Select(Text)], StructuredContent = JsonSerializer.SerializeToElement(told, Plain) };
    }

    private static double? Score(JsonElement evaluation) => evaluation.ValueKind switch
    {
        JsonValueKind.Number => evaluation.GetDouble(),
        JsonValueKind.Object when evaluation.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number => score.GetDouble(),
        _ => null,
    };

    private static TextContentBlock Text(string text) => new() { Text = text };
}
