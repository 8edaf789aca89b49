using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using SandQueue.Testing.Documents;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>Holds messages as the broker carries them to <see cref="AsyncApiContract"/>.</summary>
internal static class AmqpContract
{
    /// <summary>What no schema can say of a message.</summary>
    private static readonly string[] BeyondSchemas = ["reply_to is", "the header x-api-key", "params has", "this key may only read"];

    /// <summary>Whether a refusal is of something that no schema can say.</summary>
    public static bool IsBeyondSchemas(string detail) => BeyondSchemas.Any(detail.Contains);

    public static bool IsCommand(string body, IReadOnlyBasicProperties properties) => Find("commands", Encoding.UTF8.GetBytes(body), properties) is not null;

    /// <summary>What the contract calls a message of a channel; null where it is none of them.</summary>
    public static string? Find(string channel, byte[] body, IReadOnlyBasicProperties properties) =>
        AsyncApiContract.Matches(channel, body, Properties(properties), Headers(properties)) is [var only] ? only : null;

    private static JsonObject Properties(IReadOnlyBasicProperties properties)
    {
        var named = new JsonObject();
        if (properties.IsMessageIdPresent()) named["message_id"] = properties.MessageId;
        if (properties.IsCorrelationIdPresent()) named["correlation_id"] = properties.CorrelationId;
        if (properties.IsReplyToPresent()) named["reply_to"] = properties.ReplyTo;
        if (properties.IsExpirationPresent()) named["expiration"] = properties.Expiration;
        if (properties.IsUserIdPresent()) named["user_id"] = properties.UserId;
        if (properties.IsContentTypePresent()) named["content_type"] = properties.ContentType;
        return named;
    }

    private static JsonObject Headers(IReadOnlyBasicProperties properties)
    {
        var named = new JsonObject();
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            named[name] = value switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                string text => text,
                System.Collections.IList list => new JsonArray([.. list.Cast<object>().Select(_ => (JsonNode)new JsonObject())]),
                _ => value?.ToString(),
            };
        }

        return named;
    }
}
