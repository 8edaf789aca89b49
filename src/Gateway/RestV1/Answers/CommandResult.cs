using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.RestV1.Answers;

/// <summary>
/// How a command ended, the same wherever it is told: <c>command_id</c>, <c>instance_id</c>, <c>end</c>, and <c>answer</c> where it completed, else
/// <c>problem</c>. A single command without an answer is told as its problem alone.
/// </summary>
internal static class CommandResult
{
    /// <summary>Answers a single command.</summary>
    public static async Task WriteAsync(HttpContext context, InstanceCommand command, CommandOutcome outcome, int status = StatusCodes.Status200OK)
    {
        if (outcome is CommandOutcome.Completed completed)
        {
            CommandTimingHeader.Write(context.Response, completed.Timing);
            await JsonAnswer.BytesAsync(context, status, Bytes(writer => Write(writer, command.CommandId, command.InstanceId, completed.Answer)));
            return;
        }

        await WriteProblemAsync(context, command, await CommandProblem.OfAsync(context, outcome, IdempotencyKey.Header));
    }

    /// <summary>Answers a single command that has no answer.</summary>
    public static Task WriteProblemAsync(HttpContext context, Command command, CommandProblem problem)
    {
        if (problem.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds;
        return JsonAnswer.ObjectAsync(context, problem.Status, ProblemForm.Of(problem, command.CommandId), ProblemForm.ContentType);
    }

    /// <summary>The end of a command among others.</summary>
    public static async Task<byte[]> OfAsync(HttpContext context, InstanceCommand command, CommandOutcome outcome) => outcome is CommandOutcome.Completed completed
        ? Bytes(writer => Write(writer, command.CommandId, command.InstanceId, completed.Answer))
        : Of(command.CommandId, command.InstanceId, OutcomeNames.End(outcome), await CommandProblem.OfAsync(context, outcome, "command_id"));

    /// <summary>The end of a command that completed.</summary>
    public static byte[] Of(string commandId, string? instanceId, byte[] answer) => Bytes(writer => Write(writer, commandId, instanceId, answer));

    /// <summary>The end of a command that has no answer.</summary>
    public static byte[] Of(string commandId, string? instanceId, string end, CommandProblem problem) => JsonAnswer.Bytes(new JsonObject
    {
        ["command_id"] = commandId,
        ["instance_id"] = instanceId,
        ["end"] = end,
        ["problem"] = ProblemForm.Of(problem, commandId),
    });

    /// <summary>Writes the end of a command that completed, among others.</summary>
    public static void Write(Utf8JsonWriter writer, InstanceCommand command, byte[] answer)
    {
        writer.WriteStartObject();
        Write(writer, command.CommandId, command.InstanceId, answer);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string commandId, string? instanceId, byte[] answer)
    {
        writer.WriteString("command_id", commandId);
        writer.WriteString("instance_id", instanceId);
        writer.WriteString("end", "completed");
        RestJson.WriteRaw(writer, "answer", answer);
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, RestJson.Writer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
