using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Verbs;

/// <summary>How replies become HTTP answers, on every surface alike but for what stands around the data.</summary>
internal static class ReplyAnswer
{
    /// <summary>Writes a reply's answer between two constant pieces, or its error.</summary>
    public static Task WriteAsync(HttpContext context, CommandReply? reply, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        if (reply is not { End: CommandEnd.Completed }) return WriteErrorAsync(context, reply);
        WriteTiming(context, reply.Timing);
        return JsonAnswer.WrappedAsync(context, before, reply.Answer, after);
    }

    /// <summary>Writes why there is no answer. A failure has no reward: null, and never 0.</summary>
    public static Task WriteErrorAsync(HttpContext context, CommandReply? reply)
    {
        if (reply is null)
        {
            return JsonAnswer.DetailAsync(
                context,
                StatusCodes.Status504GatewayTimeout,
                "no answer came in time, and whether the command took effect is unknown; ask again with the same Idempotency-Key or params._command_id");
        }

        var status = Status(reply.Reason);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
        var answer = new JsonObject { ["detail"] = reply.Detail };
        if (reply.End != CommandEnd.Rejected)
        {
            answer["end"] = Word(reply.End);
            answer["reward"] = null;
            answer["valid"] = false;
            answer["cause"] = reply.Cause is { } cause ? Word(cause) : null;
        }

        return JsonAnswer.ObjectAsync(context, status, answer);
    }

    private static int Status(CommandReason reason) => reason switch
    {
        CommandReason.InvalidRequest => StatusCodes.Status400BadRequest,
        CommandReason.UnknownInstance or CommandReason.Released => StatusCodes.Status404NotFound,
        CommandReason.EpisodeOver or CommandReason.Conflict => StatusCodes.Status409Conflict,
        CommandReason.Lost or CommandReason.Diverged => StatusCodes.Status410Gone,
        CommandReason.NoCapacity or CommandReason.OtherVersion => StatusCodes.Status503ServiceUnavailable,
        CommandReason.TimedOut => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static void WriteTiming(HttpContext context, CommandTiming timing) =>
        context.Response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={timing.Waiting:0.###}, environment;dur={timing.Environment:0.###}, journal;dur={timing.Journal:0.###}");

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
