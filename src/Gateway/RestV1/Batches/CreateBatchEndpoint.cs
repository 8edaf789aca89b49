using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Requests;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>POST /v1/batches</c>: makes a batch, of a JSON object or of JSON lines. It is checked whole before any of it is stored.</summary>
internal sealed class CreateBatchEndpoint(BatchCreation batches, BatchReading reading, BodyLimit limit, IOptions<RolloutOptions> options, TimeProvider time) : IRestEndpoint
{
    private static readonly string[] LineTypes = ["application/jsonl", "application/x-ndjson", "application/jsonlines"];

    public RestOperation Operation { get; } = new("createBatch", "Makes a batch of rollouts; the same again under its batch_id gets the batch that there is (200)", typeof(BatchView))
    {
        Status = StatusCodes.Status201Created,
        Body = typeof(BatchForm),
        BodyExample = """{"env_type": "frozenlake", "batch_id": "tutorial", "tasks": ["4x4-0"], "policy": {"type": "recorded", "actions": ["<action>down</action>"]}}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var (batch, isNew) = await RolloutRefusal.ToldAsync(async () => await batches.CreateAsync(context.Tenant(), await ReadAsync(context), context.RequestAborted));
        if (isNew) context.Response.Headers.Location = $"/v1/batches/{Uri.EscapeDataString(batch.BatchId)}";
        await JsonAnswer.BytesAsync(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, await reading.WriteAsync(batch, context.RequestAborted));
    }

    private async Task<BatchRequest> ReadAsync(HttpContext context)
    {
        var most = options.Value.MaxBatchBytes;
        if (context.Request.ContentLength > most) throw new BadRequestException($"the body is too large: at most {most} bytes are taken (Rollouts:MaxBatchBytes)", StatusCodes.Status413PayloadTooLarge);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && LineTypes.Contains(type.MediaType, StringComparer.OrdinalIgnoreCase))
        {
            return await ReadLinesAsync(context);
        }

        // A large body takes its time: as long for each so many bytes as a usual one may.
        var patience = limit.Time * (1 + ((context.Request.ContentLength ?? 0) / (double)limit.Bytes));
        using var body = await RequestBody.ReadAsync(context, new BodyLimit(most, patience), time);
        return BatchRequest.Read(body.Root);
    }

    private async Task<BatchRequest> ReadLinesAsync(HttpContext context)
    {
        try
        {
            return await BatchLines.ReadAsync(context.Request.BodyReader, options.Value.MaxItems, context.RequestAborted);
        }
        catch (BadHttpRequestException exception)
        {
            throw new BadRequestException($"the body could not be read: {exception.Message} (Rollouts:MaxBatchBytes is {options.Value.MaxBatchBytes})", exception.StatusCode);
        }
    }
}
