using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Reports.Rendering;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>GET /v1/batches/{batch_id}/report</c>: what became of a batch, as JSON, Markdown or a page.</summary>
internal sealed class BatchReportEndpoint(BatchReading batches, RolloutListing rollouts) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getBatchReport", "Reports on a batch, also while it runs: coverage, rewards with interval, pass@k, distributions, groups", typeof(BatchReport)) { Query = ReportAnswer.Query };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var (format, threshold) = (ReportAnswer.FormatOf(query), ReportAnswer.ThresholdOf(query));
        var batch = await batches.RequireAsync(context.Tenant(), PathText.Of(context, "batch_id"), context.RequestAborted);
        var report = await BatchTally.ReportAsync(ReportedRollouts.Facts(batch), ReportedRollouts.ReadAsync(rollouts, batch), threshold, context.RequestAborted);
        await ReportAnswer.WriteAsync(context, format, () => ReportJson.Of(report), () => ReportMarkdown.Of(report), () => ReportHtml.Of(report));
    }
}
