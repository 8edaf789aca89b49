using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary>
/// <c>GET /v1/batches/{batch_id}/results</c>: the rollouts that have ended, a line of JSON each. With <c>follow</c> the lines go on as rollouts end, until
/// the batch is closed.
/// </summary>
internal sealed partial class BatchResultsEndpoint(BatchReading batches, RolloutListing rollouts, TimeProvider time, ILogger<BatchResultsEndpoint> log) : IRestEndpoint
{
    private const string ContentType = "application/jsonl";
    private const int PageRows = 200;

    /// <summary>An end is stored a moment after the time it bears, by a clock that may differ from others': what ended so long ago is looked at again.</summary>
    private const long OverlapMs = 2_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly QueryParameter Follow = new("follow", "string", "true: go on as rollouts end, until the batch is closed") { Example = "true" };

    public RestOperation Operation { get; } = new("getBatchResults", "Streams the rollouts that have ended as JSON lines (application/jsonl)", typeof(RolloutView)) { Query = [Follow] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var follows = query.Text(Follow.Name) switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new BadRequestException("follow in the query must be true or false"),
        };
        var id = PathText.Of(context, "batch_id");
        var batch = await batches.RequireAsync(context.Tenant(), id, context.RequestAborted);
        context.Response.ContentType = ContentType;
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            var seen = new HashSet<(long, int)>();
            if (follows) batch = await FollowAsync(context, batch, seen);
            await WriteAllAsync(context, batch, seen);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) && context.Response.HasStarted)
        {
            // There is no status to say it with any more: a connection that breaks says that lines are missing.
            Broken(id, exception);
            context.Abort();
        }
    }

    private async Task<Batch> FollowAsync(HttpContext context, Batch batch, HashSet<(long, int)> seen)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var (since, after) = (0L, 0L);
        while (true)
        {
            var now = await batches.RequireAsync(context.Tenant(), batch.BatchId, context.RequestAborted);
            if (now.ClosedAt is not null) return now;
            var rows = await rollouts.ListEndedAsync(batch.Id, since, after, PageRows, context.RequestAborted);
            await WriteAsync(context, batch, rows, seen);
            if (rows.Count == PageRows)
            {
                (since, after) = (rows[^1].EndedAt!.Value, rows[^1].Id);
                continue;
            }

            if (rows.Count > 0) (since, after) = (rows[^1].EndedAt!.Value - OverlapMs, 0);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Pause, time, context.RequestAborted);
        }
    }

    /// <summary>A page is read to its end before it is written: whoever is slow to listen must not hold one of the database's few connections.</summary>
    private async Task WriteAllAsync(HttpContext context, Batch batch, HashSet<(long, int)> seen)
    {
        for (var after = -1; ;)
        {
            var rows = await rollouts.ListAsync(batch.Id, new RolloutFilter(IsEnded: true), after, PageRows, context.RequestAborted);
            await WriteAsync(context, batch, rows, seen);
            if (rows.Count < PageRows) return;
            after = rows[^1].Number;
        }
    }

    private static async Task WriteAsync(HttpContext context, Batch batch, List<Rollout> rows, HashSet<(long, int)> seen)
    {
        foreach (var row in rows.Where(row => seen.Add((row.Id, row.Attempt))))
        {
            byte[] line = [.. RolloutJson.Of(row, batch), (byte)'\n'];
            await context.Response.Body.WriteAsync(line, context.RequestAborted);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the results of batch {Batch} could not be read to their end")]
    private partial void Broken(string batch, Exception failure);
}
