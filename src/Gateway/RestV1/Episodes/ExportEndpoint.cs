using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Batches;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Rollouts.Episodes;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Episodes;

/// <summary><c>GET /v1/export</c>: the tenant's ended episodes as JSON lines, in our own form or in those of trainers.</summary>
internal sealed class ExportEndpoint(EpisodeExport export, BatchReading batches, ICommandRouter router, IOptions<GatewayOptions> options) : IRestEndpoint
{
    private static readonly Dictionary<string, ExportFormat> Formats = Enum.GetValues<ExportFormat>().ToDictionary(RestJson.Name);

    private static readonly QueryParameter Format = new("format", "string", $"one of {string.Join(", ", Formats.Keys)}; episodes if not said") { Example = "episodes" };
    private static readonly QueryParameter EnvType = new("env_type", "string", "only episodes of this environment") { Example = "frozenlake" };
    private static readonly QueryParameter Split = new("split", "string", "only episodes of tasks of this split; with env_type") { Example = "val" };
    private static readonly QueryParameter Batch = new("batch_id", "string", "only episodes that the rollouts of this batch played");
    private static readonly QueryParameter End = new("end", "string", "only episodes that ended for this reason, as goal or max_steps");
    private static readonly QueryParameter MinReward = new("min_reward", "number", "only episodes that were evaluated with at least this score");
    private static readonly QueryParameter MaxReward = new("max_reward", "number", "only episodes that were evaluated with at most this score");
    private static readonly QueryParameter After = new("after", "string", "only episodes whose instance ended at or after this time (ISO 8601)");
    private static readonly QueryParameter Before = new("before", "string", "only episodes whose instance ended before this time (ISO 8601)");
    private static readonly QueryParameter Gzip = new("gzip", "string", "true for a gzip file");

    public RestOperation Operation { get; } = new("exportEpisodes", "Exports your ended episodes as JSON lines", typeof(ExportedEpisode))
    {
        ContentType = JsonLinesAnswer.ContentType,
        Query = [Format, EnvType, Split, Batch, End, MinReward, MaxReward, After, Before, Gzip, QueryParameter.Timeout],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var isGzip = Flag(query, Gzip.Name);
        var request = await ReadAsync(context, query);
        await using var lines = export.RunAsync(request, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);

        // Whatever is wrong with the database is said by a status, as long as there is none yet.
        var hasLine = await lines.MoveNextAsync();
        context.Response.ContentType = isGzip ? "application/gzip" : JsonLinesAnswer.ContentType;
        context.Response.Headers.CacheControl = "no-cache,no-store";
        if (!isGzip)
        {
            await WriteAsync(lines, hasLine, context.Response.Body, context.RequestAborted);
            return;
        }

        await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await WriteAsync(lines, hasLine, packed, context.RequestAborted);
    }

    private static async Task WriteAsync(IAsyncEnumerator<byte[]> lines, bool hasLine, Stream body, CancellationToken cancellationToken)
    {
        for (; hasLine; hasLine = await lines.MoveNextAsync())
        {
            await body.WriteAsync(lines.Current, cancellationToken);
            await body.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }

    private async Task<ExportRequest> ReadAsync(HttpContext context, RestQuery query)
    {
        var name = query.Text(Format.Name) ?? "episodes";
        if (!Formats.TryGetValue(name, out var format)) throw new BadRequestException($"format in the query must be one of {string.Join(", ", Formats.Keys)}, not '{OneLine.Of(name, 60)}'");
        var filter = new EpisodeFilter(context.Tenant())
        {
            EnvType = query.Text(EnvType.Name),
            Batch = query.Text(Batch.Name) is { } batch ? (await batches.RequireAsync(context.Tenant(), batch, context.RequestAborted)).Id : null,
            EndReason = query.Text(End.Name),
            MinReward = Number(query, MinReward.Name),
            MaxReward = Number(query, MaxReward.Name),
            After = Time(query, After.Name),
            Before = Time(query, Before.Name),
        };
        if (query.Text(Split.Name) is not { } split) return new ExportRequest(format, filter);
        var environment = filter.EnvType ?? throw new BadRequestException("split in the query needs env_type: a split is one environment's");
        return new ExportRequest(format, filter, await TasksAsync(context, environment, split));
    }

    private async Task<IReadOnlySet<string>> TasksAsync(HttpContext context, string environment, string split)
    {
        var command = new RestCall(context, Operation, options.Value).ListTasks(environment, split);
        var outcome = await router.ListTasksAsync(command, context.RequestAborted);
        if (outcome is CommandOutcome.Completed completed) return (System.Text.Json.JsonSerializer.Deserialize<string[]>(completed.Answer) ?? []).ToHashSet(StringComparer.Ordinal);
        var problem = await CommandProblem.OfAsync(context, outcome, IdempotencyKey.Header);
        throw new BadRequestException(problem.Detail, problem.Status);
    }

    private static double? Number(RestQuery query, string name) => query.Text(name) switch
    {
        null => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        var text => throw new BadRequestException($"{name} in the query must be a number, not '{OneLine.Of(text, 60)}'"),
    };

    private static long? Time(RestQuery query, string name) => query.Text(name) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time.ToUnixTimeMilliseconds(),
        var text => throw new BadRequestException($"{name} in the query must be a time as 2026-01-31T12:00:00Z, not '{OneLine.Of(text, 60)}'"),
    };

    private static bool Flag(RestQuery query, string name) => query.Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw new BadRequestException($"{name} in the query must be true or false, not '{OneLine.Of(text, 60)}'"),
    };
}
