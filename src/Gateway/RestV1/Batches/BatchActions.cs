using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary>A route that changes a batch, and answers with the batch as it is then.</summary>
internal abstract class BatchAction(BatchReading reading) : IRestEndpoint
{
    public abstract RestOperation Operation { get; }

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var id = PathText.Of(context, "batch_id");
        await reading.RequireAsync(context.Tenant(), id, context.RequestAborted);
        var batch = await RolloutRefusal.ToldAsync(() => ChangeAsync(context, context.Tenant(), id)) ?? throw RolloutRefusal.UnknownBatch(id);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, await reading.WriteAsync(batch, context.RequestAborted));
    }

    protected abstract Task<Batch?> ChangeAsync(HttpContext context, string tenant, string batch);
}

/// <summary><c>POST /v1/batches/{batch_id}/pause</c>.</summary>
internal sealed class PauseBatchEndpoint(BatchControl batches, BatchReading reading, RestBody bodies) : BatchAction(reading)
{
    private const int LongestReason = 500;

    public override RestOperation Operation { get; } = new("pauseBatch", "Begins no more of a batch; what runs finishes", typeof(BatchView)) { Body = typeof(PauseRequest), BodyExample = """{"reason": "the endpoint gets a new version"}""" };

    protected override async Task<Batch?> ChangeAsync(HttpContext context, string tenant, string batch)
    {
        using var body = await bodies.ReadOptionalAsync(context);
        RestCall.Require(body.Fields, "reason");
        return await batches.PauseAsync(tenant, batch, OneLine.Of(body.Fields.Optional("reason", LongestReason) ?? "paused by its caller"), context.RequestAborted);
    }
}

/// <summary><c>POST /v1/batches/{batch_id}/resume</c>.</summary>
internal sealed class ResumeBatchEndpoint(BatchControl batches, BatchReading reading, LaneRequests lanes) : BatchAction(reading)
{
    public override RestOperation Operation { get; } = new("resumeBatch", "Goes on with a batch that is paused", typeof(BatchView));

    protected override async Task<Batch?> ChangeAsync(HttpContext context, string tenant, string batch)
    {
        var resumed = await batches.ResumeAsync(tenant, batch, context.RequestAborted);
        if (resumed is { State: BatchState.Running }) await lanes.SendAsync(resumed.Id, resumed.Concurrency, context.RequestAborted);
        return resumed;
    }
}

/// <summary><c>POST /v1/batches/{batch_id}/cancel</c>.</summary>
internal sealed class CancelBatchEndpoint(BatchControl batches, BatchReading reading, TimeProvider time) : BatchAction(reading)
{
    public override RestOperation Operation { get; } = new("cancelBatch", "Gives a batch up: what runs is stopped and released, and it closes", typeof(BatchView));

    protected override Task<Batch?> ChangeAsync(HttpContext context, string tenant, string batch) =>
        batches.CancelAsync(tenant, batch, BatchEnds.Cancelled, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted);
}

/// <summary><c>POST /v1/batches/{batch_id}/retry</c>.</summary>
internal sealed class RetryBatchEndpoint(BatchControl batches, BatchReading reading, RolloutListing listing, LaneRequests lanes, RestBody bodies, IKeySealing keys, TimeProvider time) : BatchAction(reading)
{
    private const int LongestKey = 4096;

    public override RestOperation Operation { get; } = new("retryBatch", "Begins anew what did not complete; a batch that has closed opens again", typeof(BatchView)) { Body = typeof(RetryRequest), BodyExample = """{"end": "failed"}""" };

    protected override async Task<Batch?> ChangeAsync(HttpContext context, string tenant, string batch)
    {
        using var body = await bodies.ReadOptionalAsync(context);
        var fields = body.Fields;
        RestCall.Require(fields, "end", "cause", "task_id", "rollout_id", "api_key");
        var filter = new RolloutFilter(End: RolloutNames.End(fields.Optional("end"), "end"), Cause: RolloutNames.Cause(fields.Optional("cause"), "cause"), TaskId: fields.Optional("task_id"));
        if (fields.Optional("api_key", LongestKey) is { } wrong && !EndpointKeys.MayBe(wrong)) throw new BadRequestException("api_key has characters that no key has: spaces, line breaks or letters beyond ASCII");
        var key = fields.Optional("api_key", LongestKey) is { } given ? keys.Seal(tenant, IKeySealing.OfBatch(batch), given) : null;
        var rollout = fields.Optional("rollout_id", 220);
        if (rollout is not null && (await listing.FindAsync(tenant, rollout, context.RequestAborted))?.Batch.BatchId != batch) throw RolloutRefusal.UnknownRollout(rollout, batch);
        var retried = await batches.RetryAsync(tenant, batch, filter, rollout, key, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted);
        if (retried is { Keys: not RetryKeys.Sound }) throw WrongKey(retried.Keys);
        if (retried is { Batch: { State: BatchState.Running } running, Rollouts: var rollouts and > 0 }) await lanes.SendAsync(running.Id, Math.Min(rollouts, running.Concurrency), context.RequestAborted);
        return retried?.Batch;
    }

    private static BadRequestException WrongKey(RetryKeys keys) => keys switch
    {
        RetryKeys.Erased => new("rollouts that this begins anew came with an api_key, which was erased when the batch closed; send it again as api_key", StatusCodes.Status409Conflict, OutcomeNames.Reason(CommandReason.Conflict)),
        RetryKeys.ForManyEndpoints => new("rollouts that this begins anew came with keys for several endpoints, and one api_key must not be told to all; retry them apart, by task_id or rollout_id, each with its own", StatusCodes.Status409Conflict, OutcomeNames.Reason(CommandReason.Conflict)),
        _ => new("no rollout that this begins anew came with an api_key, so that there is nothing to replace; leave api_key out"),
    };
}

/// <summary><c>PATCH /v1/batches/{batch_id}</c>.</summary>
internal sealed class TuneBatchEndpoint(BatchControl batches, BatchReading reading, LaneRequests lanes, RestBody bodies) : BatchAction(reading)
{
    private const int MostAtOnce = 10_000;

    public override RestOperation Operation { get; } = new("tuneBatch", "Changes how much of a batch runs at once, and its priority, while it runs", typeof(BatchView)) { Body = typeof(TuneRequest), BodyExample = """{"concurrency": 128}""" };

    protected override async Task<Batch?> ChangeAsync(HttpContext context, string tenant, string batch)
    {
        using var body = await bodies.ReadAsync(context);
        var fields = body.Fields;
        RestCall.Require(fields, "concurrency", "endpoint_concurrency", "priority");
        var tuned = await batches.TuneAsync(
            tenant, batch, Within(fields, "concurrency", 1, MostAtOnce), Within(fields, "endpoint_concurrency", 0, MostAtOnce), Within(fields, "priority", -1000, 1000), context.RequestAborted);
        if (tuned is { State: BatchState.Running }) await lanes.SendAsync(tuned.Id, tuned.Concurrency, context.RequestAborted);
        return tuned;
    }

    private static int? Within(JsonFields fields, string name, int least, int most) => fields.Integer(name) switch
    {
        { } number when number < least || number > most => throw new BadRequestException($"{name} must be an integer from {least} to {most}, not {number}"),
        var number => number,
    };
}
