using System.Buffers;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Answers;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>What the task of a session says and offers.</summary>
internal sealed class EpisodeEndpoints(SessionEpisodes episodes)
{
    /// <summary><c>GET /{environment}/prompt</c>: the first messages, a block each, whose detail names its role.</summary>
    public async Task PromptAsync(HttpContext context)
    {
        var episode = await episodes.FindAsync(context, Environment(context));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var message in AnswerText.Of(episode.Opening).Messages) TextBlock.Write(writer, message.Content, message.Role);
            writer.WriteEndArray();
        }

        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, buffer.WrittenMemory);
    }

    /// <summary><c>GET /{environment}/task_tools</c>: what an agent may call now.</summary>
    public async Task ToolsAsync(HttpContext context)
    {
        var episode = await episodes.FindAsync(context, Environment(context));
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, JsonAnswer.Bytes(writer => episode.Tools.Write(writer, "input_schema")));
    }

    private static string Environment(HttpContext context) => (string)context.GetRouteValue(OrsEndpoints.Environment)!;
}
