using System.Globalization;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>GET /v1/batches/{batch_id}/rollouts</c>: a batch's rollouts page by page, all or some.</summary>
internal sealed class BatchRolloutsEndpoint(BatchReading batches, RolloutListing rollouts) : IRestEndpoint
{
    private static readonly QueryParameter End = new("end", "string", $"only those of this end: {RolloutNames.AllEnds}");
    private static readonly QueryParameter Cause = new("cause", "string", $"only those of this cause: {RolloutNames.AllCauses}");
    private static readonly QueryParameter Task = new("task_id", "string", "only those of this task");

    public RestOperation Operation { get; } = new("listBatchRollouts", "Lists a batch's rollouts in their order", typeof(RolloutPage)) { Query = [End, Cause, Task, QueryParameter.Cursor, QueryParameter.Limit] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var limit = query.Limit;
        var filter = new RolloutFilter(
            End: RolloutNames.End(query.Text(End.Name), "end in the query"), Cause: RolloutNames.Cause(query.Text(Cause.Name), "cause in the query"), TaskId: query.Text(Task.Name));
        var batch = await batches.RequireAsync(context.Tenant(), PathText.Of(context, "batch_id"), context.RequestAborted);
        var after = query.Cursor(1) is [var cursor] ? (int)Math.Min(cursor, int.MaxValue) : -1;
        var rows = await rollouts.ListAsync(batch.Id, filter, after, limit + 1, context.RequestAborted);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, RolloutJson.Write(writer =>
        {
            writer.WriteStartArray("rollouts");
            foreach (var row in rows.Take(limit)) writer.WriteRawValue(RolloutJson.Of(row, batch), skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteString("next_cursor", rows.Count > limit ? rows[limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
        }));
    }
}
