using System.Globalization;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Rollouts;

/// <summary><c>GET /v1/rollouts/{rollout_id}/turns</c>: what the policy decided, turn by turn, with all that its endpoint answered.</summary>
internal sealed class TurnsEndpoint(RolloutListing rollouts, TurnListing turns) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getRolloutTurns", "Reads what a rollout's policy decided in its newest attempt", typeof(TurnPage)) { Query = [QueryParameter.Cursor, QueryParameter.Limit] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var id = PathText.Of(context, "rollout_id");
        var (rollout, _) = await rollouts.FindAsync(context.Tenant(), id, context.RequestAborted) ?? throw RolloutRefusal.UnknownRollout(id);
        var (rows, hasMore) = await turns.ReadAsync(rollout, (int)(query.Cursor(1)?[0] ?? 0), query.Limit, context.RequestAborted);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, RolloutJson.Write(writer =>
        {
            writer.WriteString("rollout_id", rollout.RolloutId);
            writer.WriteNumber("attempt", rollout.Attempt);
            writer.WriteStartArray("turns");
            foreach (var row in rows)
            {
                writer.WriteStartObject();
                writer.WriteNumber("turn", row.Number);
                RestJson.WriteRaw(writer, "action", row.Action ?? []);
                RestJson.WriteRaw(writer, "answer", row.Answer);
                writer.WriteString("stop_reason", row.StopReason);
                RolloutJson.WriteTime(writer, "decided_at", row.DecidedAt);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("next_cursor", hasMore ? rows[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
        }));
    }
}
