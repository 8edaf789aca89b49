using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>Looks into answers.</summary>
internal static class ReplyJson
{
    public static string Text(this CommandReply reply) => Encoding.UTF8.GetString(reply.Answer);

    public static JsonElement Json(this CommandReply reply)
    {
        using var document = JsonDocument.Parse(reply.Answer);
        return document.RootElement.Clone();
    }

    public static int Step(this CommandReply reply) => reply.Json().GetProperty("info").GetProperty("step").GetInt32();

    public static string Observation(this CommandReply reply) => reply.Json().GetProperty("state")[0].GetProperty("content").GetString()!;
}
