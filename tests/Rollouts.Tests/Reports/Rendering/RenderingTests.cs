using System.Text.Json;
using System.Text.RegularExpressions;
using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Reports.Rendering;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Reports.Rendering;

public sealed partial class RenderingTests
{
    private const string Hostile = "</style><script>alert('x')</script>\" onload=\"y\u001b[31m\u202e|`*_[a](javascript:b)\n# head";

    private static readonly BatchTally HostileTally = Some.Tally(
        Some.Valid(Hostile, 1) with { Category = Hostile, Split = Hostile, EndReason = Hostile },
        Some.Valid(Hostile + "2", 0) with { Category = Hostile },
        Some.Failed("b", RolloutCause.Environment, Hostile));

    private static readonly BatchFacts HostileBatch = Some.Batch(3) with { Name = Hostile, EnvType = Hostile, Split = Hostile, Model = Hostile, PolicyVersion = Hostile, BatchId = Hostile };

    [Fact]
    public void JSON_has_the_names_and_the_intervals_that_programs_read()
    {
        using var json = JsonDocument.Parse(ReportJson.Of(Some.Tally(Some.Model()).ToReport(Some.Batch(1000))));
        var report = json.RootElement;

        report.GetProperty("reward").GetProperty("ci95").GetArrayLength().ShouldBe(2);
        report.GetProperty("coverage").GetProperty("bounds").GetArrayLength().ShouldBe(2);
        report.GetProperty("coverage").GetProperty("ends").GetProperty("completed").GetInt32().ShouldBeGreaterThan(900);
        report.GetProperty("pass")[0].GetProperty("pass_at_k").GetDouble().ShouldBeInRange(0.3, 0.9);
        report.GetProperty("batch").GetProperty("created_at").GetString().ShouldBe("2026-11-29T12:00:00+00:00");
    }

    [Fact]
    public void A_page_has_no_markup_but_its_own()
    {
        string[] pages = [ReportHtml.Of(HostileTally.ToReport(HostileBatch)), ComparisonHtml.Of(BatchPair.Compare(HostileBatch, HostileTally, HostileBatch, HostileTally))];

        foreach (var page in pages)
        {
            page.ShouldNotContain("<script", Case.Insensitive);
            page.ShouldNotContain("\" onload", Case.Insensitive);
            page.ShouldNotContain("\u001b");
            page.ShouldNotContain("\u202e");
            Tag().Matches(page).Select(tag => tag.Groups[1].Value).Distinct().Except(
            [
                "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "div", "section", "b", "span", "i", "br", "table", "thead", "tbody", "tr", "th", "td", "code", "details", "summary", "svg", "line", "text", "rect", "circle", "polyline",
            ]).ShouldBeEmpty();
        }
    }

    /// <summary>Its policy allows nothing from anywhere, and its own style by hash; so no attribute may hold style, and nothing may name an address.</summary>
    [Fact]
    public void A_page_needs_nothing_from_anywhere()
    {
        var page = ReportHtml.Of(Some.Tally(Some.Model()).ToReport(Some.Batch(1000)));

        page.ShouldContain("default-src 'none'; style-src 'sha256-");
        page.ShouldNotContain(" style=");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("url(");
        page.ShouldNotContain("NaN");
        page.Length.ShouldBeLessThan(300_000);
    }

    [Fact]
    public void Markdown_takes_no_mark_from_others()
    {
        var text = ReportMarkdown.Of(HostileTally.ToReport(HostileBatch));

        text.ShouldNotContain("<script>");
        text.ShouldNotContain("[a](");
        text.ShouldNotContain("\n# head");
        text.ShouldNotContain("\u001b");
        UnescapedBar().Count(text.Split('\n').First(line => line.StartsWith("| \\<", StringComparison.Ordinal))).ShouldBe(3);
    }

    [Fact]
    public void Markdown_begins_with_what_the_mean_is_a_mean_of()
    {
        var text = ReportMarkdown.Of(Some.Tally(Some.Valid("a", 1), Some.Valid("b", 0), Some.Failed("c", RolloutCause.Policy, "429")).ToReport(Some.Batch(3)));

        text.IndexOf("2 of 3 rollouts have a valid reward", StringComparison.Ordinal).ShouldBeInRange(1, text.IndexOf("Mean 0.500", StringComparison.Ordinal));
        text.ShouldContain("Bounds of the mean: 0.333 to 0.667");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Batches_with_little_in_them_have_pages(int rollouts)
    {
        var tally = Some.Tally(Some.Model().Take(rollouts));

        ReportHtml.Of(tally.ToReport(Some.Batch(8, "running"))).ShouldContain("This batch is running");
        ReportMarkdown.Of(BatchPair.Compare(Some.Batch(8), tally, Some.Batch(8), Some.Tally())).ShouldContain("nothing to compare");
        ComparisonHtml.Of(BatchPair.Compare(Some.Batch(8), tally, Some.Batch(8), Some.Tally())).ShouldNotContain("NaN");
    }

    [GeneratedRegex("<([a-zA-Z][a-zA-Z0-9]*)(?=[\\s>/])")]
    private static partial Regex Tag();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedBar();
}
