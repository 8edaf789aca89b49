using System.Globalization;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>GET /v1/batches</c>: the tenant's batches, the newest first.</summary>
internal sealed class BatchListEndpoint(BatchDirectory batches) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("listBatches", "Lists your batches, the newest first", typeof(BatchPage)) { Query = [QueryParameter.Cursor, QueryParameter.Limit] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var limit = query.Limit;
        var rows = await batches.ListAsync(context.Tenant(), query.Cursor(1)?[0], limit + 1, context.RequestAborted);
        var page = rows.Take(limit).ToList();
        var counts = await batches.CountAsync(page, context.RequestAborted);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, RolloutJson.Write(writer =>
        {
            writer.WriteStartArray("batches");
            foreach (var row in page) writer.WriteRawValue(BatchJson.Of(row, counts[row.Id]), skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteString("next_cursor", rows.Count > limit ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
        }));
    }
}
