using System.Collections.Concurrent;
using System.Diagnostics;
using SandQueue.Environments.Bfcl.MultiTurn.Scoring;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>Every recorded verdict of the official checker, against ours.</summary>
public sealed class GoldenCheckTests(ITestOutputHelper output)
{
    [Fact]
    public void Verdicts_are_the_same()
    {
        var differences = new Differences(output);
        var truths = new ConcurrentDictionary<string, GroundTruth>();
        var watch = new Stopwatch();
        foreach (var line in GoldenLines.OfKind("check"))
        {
            var turns = line.GetProperty("decoded").EnumerateArray()
                .Select(turn => turn.EnumerateArray().Select(GoldenLines.Strings).ToList()).ToList();
            watch.Start();
            var start = OfficialTasks.Start(line.Id());
            var truth = truths.GetOrAdd(line.Id(), id => new GroundTruth(start, OfficialTasks.GroundTruth(id)));
            var failure = RecordedEpisode.Check(start, truth, turns);
            watch.Stop();
            differences.Compare(
                line.Id(),
                $"{line.GetProperty("variant")} {line.GetProperty("decoded")}",
                $"{line.GetProperty("valid").GetBoolean()} {line.GetProperty("error_type").GetString()}",
                $"{failure is null} {failure?.Type}");
        }

        output.WriteLine($"all checks on one core: {watch.Elapsed.TotalSeconds:0.00} s");
        differences.ShouldBeNone();
    }
}
