using System.Globalization;
using System.Text;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Rollouts.Reports;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary>What the routes of reports have in common: their query and their three forms.</summary>
internal static class ReportAnswer
{
    private const string Json = "json";
    private const string Markdown = "markdown";
    private const string Html = "html";

    private static readonly QueryParameter Format = new("format", "string", "json (without), markdown or html: one page that needs nothing from elsewhere") { Example = Json };
    private static readonly QueryParameter Threshold = new("threshold", "number", "from which reward on a rollout is a success; 1 if not said");

    public static IReadOnlyList<QueryParameter> Query { get; } = [Format, Threshold];

    public static double ThresholdOf(RestQuery query) => query.Text(Threshold.Name) switch
    {
        null => BatchTally.DefaultThreshold,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var reward) && double.IsFinite(reward) => reward,
        _ => throw new BadRequestException("threshold in the query must be a number, as 0.5"),
    };

    /// <summary>Checks the form before anything is counted.</summary>
    public static string FormatOf(RestQuery query) => query.Text(Format.Name) switch
    {
        null => Json,
        Json or Markdown or Html => query.Text(Format.Name)!,
        _ => throw new BadRequestException($"format in the query must be {Json}, {Markdown} or {Html}"),
    };

    public static Task WriteAsync(HttpContext context, string format, Func<byte[]> json, Func<string> markdown, Func<string> html)
    {
        if (format == Html)
        {
            // A page shows what agents wrote: a browser is told twice to run none of it.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
            context.Response.Headers.XContentTypeOptions = "nosniff";
        }

        return format switch
        {
            Markdown => JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(markdown()), "text/markdown; charset=utf-8"),
            Html => JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(html()), "text/html; charset=utf-8"),
            _ => JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, json()),
        };
    }
}
