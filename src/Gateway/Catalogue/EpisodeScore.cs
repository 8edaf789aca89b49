using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Catalogue;

/// <summary>
/// The score of an episode that is over. Protocols that know nothing but rewards have no word for it, and in some environments it is no sum of rewards: so it is asked for with the last
/// step, and is told beside the reward of that step. Of an instance that has ended since, it is what the journal has.
/// </summary>
internal sealed class EpisodeScore(ICommandRouter router, RecordedEpisodes recorded)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <param name="tenant">The tenant.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="left">The time that its client still waits.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the evaluation answered; null where it has no answer, which costs nobody the step's.</returns>
    public async Task<JsonElement?> FindAsync(string tenant, string instanceId, TimeSpan left, CancellationToken cancellationToken)
    {
        var evaluate = new EvaluateInstance
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            RemainingMs = (int)(left > Shortest ? left : Shortest).TotalMilliseconds,
            InstanceId = instanceId,
        };
        try
        {
            return await router.SendAsync(evaluate, cancellationToken) switch
            {
                CommandOutcome.Completed completed => ReadableJson.Element(completed.Answer),
                CommandOutcome.Refusal { Reason: CommandReason.Released or CommandReason.Lost or CommandReason.Diverged } => await RecordedAsync(tenant, instanceId, cancellationToken),
                _ => null,
            };
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return null;
        }
    }

    private async Task<JsonElement?> RecordedAsync(string tenant, string instanceId, CancellationToken cancellationToken) =>
        await recorded.FindAsync(tenant, instanceId, cancellationToken) is { Evaluation: { } evaluation } ? ReadableJson.Element(evaluation) : null;

    /// <summary>Writes <c>score</c>, a number or null, and the <c>evaluation</c> that it is from.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement? evaluation)
    {
        writer.WritePropertyName("score");
        if (evaluation is { ValueKind: JsonValueKind.Number } bare) bare.WriteTo(writer);
        else if (evaluation is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number) score.WriteTo(writer);
        else writer.WriteNullValue();
        writer.WritePropertyName("evaluation");
        if (evaluation is { } found) found.WriteTo(writer);
        else writer.WriteNullValue();
    }
}
