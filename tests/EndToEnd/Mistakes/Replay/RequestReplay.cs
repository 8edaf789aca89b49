using System.Globalization;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>Plays requests in their order against a running program, and looks at its memory and its log.</summary>
internal static class RequestReplay
{
    private static readonly TimeSpan GiveBackLimit = TimeSpan.FromSeconds(130);

    /// <summary>Goes all the way to an environment and back.</summary>
    private const string Sound = """{"env_type":"frozenlake","params":{"split":"val"}}""";

    public static async Task<ReplayReport> RunAsync(RunningProgram program, IEnumerable<HostileRequest> requests, CancellationToken cancellationToken)
    {
        var caller = new PlainSocketCaller(program.Address, TimeProvider.System);
        using var sound = program.CallerWithKey("aaa");
        var played = new List<PlayedRequest>();
        int? before = null;
        var highest = 0;
        foreach (var request in requests)
        {
            if (!request.IsSetup) before ??= ResidentMiB(program.ProcessId);
            var answer = await caller.SendAsync(request, cancellationToken);
            played.Add(new PlayedRequest(request, answer, (int)(await sound.PostAsync("/get_env_profile", Sound)).Status));
            highest = Math.Max(highest, ResidentMiB(program.ProcessId));
        }

        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (ResidentMiB(program.ProcessId) > 1.5 * before && TimeProvider.System.GetElapsedTime(started) < GiveBackLimit) await timer.WaitForNextTickAsync(cancellationToken);
        return new ReplayReport(played, before ?? 0, highest, ResidentMiB(program.ProcessId), TimeProvider.System.GetElapsedTime(started));
    }

    private static int ResidentMiB(int process)
    {
        var line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.AsSpan()["VmRSS:".Length..^" kB".Length].Trim(), NumberStyles.None, CultureInfo.InvariantCulture) / 1024;
    }
}
