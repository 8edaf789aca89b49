using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Reports.Rendering;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>GET /v1/batches/{batch_id}/compare/{other_id}</c>: two batches, task by task.</summary>
internal sealed class BatchComparisonEndpoint(BatchReading batches, RolloutListing rollouts) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("compareBatches", "Compares two batches task by task: the difference with its interval, and the tasks that flipped", typeof(BatchComparison)) { Query = ReportAnswer.Query };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var (format, threshold) = (ReportAnswer.FormatOf(query), ReportAnswer.ThresholdOf(query));
        var first = await batches.RequireAsync(context.Tenant(), PathText.Of(context, "batch_id"), context.RequestAborted);
        var second = await batches.RequireAsync(context.Tenant(), PathText.Of(context, "other_id"), context.RequestAborted);
        var comparison = await BatchPair.CompareAsync(
            ReportedRollouts.Facts(first), ReportedRollouts.ReadAsync(rollouts, first), ReportedRollouts.Facts(second), ReportedRollouts.ReadAsync(rollouts, second), threshold, context.RequestAborted);
        await ReportAnswer.WriteAsync(context, format, () => ReportJson.Of(comparison), () => ReportMarkdown.Of(comparison), () => ComparisonHtml.Of(comparison));
    }
}
