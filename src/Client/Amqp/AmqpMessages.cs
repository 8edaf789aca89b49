using System.Text.Json;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Amqp;

/// <summary>Commands and replies as the JSON that the door for AMQP takes and gives.</summary>
internal static class AmqpMessages
{
    public static ReadOnlyMemory<byte> Body(Command command) => CommandJson.Object(writer =>
    {
        writer.WriteString("command", Name(command));
        if (command.InstanceId is { } instance) writer.WriteString("instance_id", instance);
        CommandJson.WriteMembers(writer, command);
    });

    /// <summary>A reply, or an event.</summary>
    public static Reply Reply(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Reply(JsonElement.Parse(bytes.Span)) ?? Malformed("the reply says of no end");
        }
        catch (JsonException)
        {
            return Malformed("the reply is no JSON");
        }
    }

    /// <returns>Null where it is neither.</returns>
    public static Reply? Reply(JsonElement reply)
    {
        if (ProblemReader.Text(reply, "end") is not { } end) return null;
        if (end != "completed") return ProblemReader.Read(reply, end) is { } refusal ? Commands.Reply.Refused(refusal) : null;
        return reply.TryGetProperty("answer", out var answer) ? Commands.Reply.Completed(answer, ProblemReader.Text(reply, "instance_id")) : null;
    }

    private static Reply Malformed(string detail) => Commands.Reply.Refused(Refusal.Unknown(detail, Codes.MalformedAnswer));

    private static string Name(Command command) => command switch
    {
        Create => "create",
        Step => "step",
        Evaluate => "evaluate",
        GetInfo => "get_info",
        Release => "release",
        ListTasks => "profile",
        _ => throw new NotSupportedException($"{command.GetType().Name} is no command over AMQP"),
    };
}
