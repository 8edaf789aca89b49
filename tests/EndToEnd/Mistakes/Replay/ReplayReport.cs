using System.Globalization;
using System.Text;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>The figures of a file that was played: by status, detail and time, and the memory of the program.</summary>
/// <param name="Played">The requests and their answers.</param>
/// <param name="Before">Resident memory of the program before the first, MiB.</param>
/// <param name="Highest">The highest seen after a request.</param>
/// <param name="After">Resident memory once it was given back, or the time for that was over.</param>
/// <param name="GaveBackIn">How long that took after the last request.</param>
internal sealed record ReplayReport(IReadOnlyList<PlayedRequest> Played, int Before, int Highest, int After, TimeSpan GaveBackIn)
{
    public IReadOnlyList<string> Problems => [.. Played.SelectMany(played => played.Problems)];

    public override string ToString()
    {
        var times = Played.Select(played => played.Answer.Took.TotalMilliseconds).Order().ToList();
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{Played.Count} requests; as expected {Played.Count(played => played.Problems.Count == 0)}")
            .AppendLine(CultureInfo.InvariantCulture, $"ms: median {times[times.Count / 2]:0}, 95 % {times[times.Count * 95 / 100]:0}, longest {times[^1]:0}; over 1 s: {times.Count(took => took > 1000)}")
            .AppendLine(CultureInfo.InvariantCulture, $"MiB resident: before {Before}, highest {Highest}, after {After} ({GaveBackIn.TotalSeconds:0.0} s after the last request)");
        foreach (var status in Played.GroupBy(played => played.Answer.Status).OrderBy(status => status.Key)) text.AppendLine(Line(status));
        foreach (var failed in Played.Where(played => played.Answer.Status >= 500)) text.AppendLine(CultureInfo.InvariantCulture, $"{failed.Answer.Status} {failed.Request.Name}: {failed.Detail}");
        foreach (var problem in Problems) text.AppendLine("! " + problem);
        return text.ToString();
    }

    private static string Line(IGrouping<int, PlayedRequest> status)
    {
        var (slowest, lines) = (status.MaxBy(played => played.Answer.Took)!, status.Count(played => played.Detail is not null));
        var details = status.Key >= 400 ? string.Create(CultureInfo.InvariantCulture, $", {lines} with one line of detail") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{status.Key}: {status.Count()}{details}, longest {slowest.Answer.Took.TotalMilliseconds:0} ms ({slowest.Request.Name})");
    }
}
