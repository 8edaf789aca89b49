using System.Diagnostics;
using System.Text.Json;

namespace SandQueue.FaultRuns.Clients;

/// <summary>
/// More callers than there are slots. Each makes an instance, keeps it for a moment, and releases it, again and again; many hang up while they wait.
/// A caller that gave its instance a name asks for it again after it hung up, and releases it. All others gave nothing by which it could be found, so
/// once the crowd is gone no instance may be left.
/// </summary>
internal sealed class Crowd(Uri gateway, CrowdOptions options)
{
    /// <summary>An environment that no other client plays.</summary>
    public const string Environment = "bfcl";

    private const string TaskId = "simple_python_sample0";

    /// <summary>Above what a gateway lets a Create wait.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(90);

    /// <summary>For what has to be told an end, faults included.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly string _run = Guid.NewGuid().ToString("n")[..6];
    private int _named;

    public int Callers => options.Callers;

    public CrowdCounts Counts { get; } = new();

    /// <summary>Callers come for so long; afterwards those that wait are still answered.</summary>
    public Task PlayAsync(TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, options.Callers).Select(number => Task.Run(async () =>
        {
            var random = new Random(HashCode.Combine(options.Seed, number, _named));
            while (Stopwatch.GetElapsedTime(started) < length) await CallAsync(random);
        })));
    }

    /// <summary>As many callers as there are slots come at once, each with a name, and keep what they get.</summary>
    /// <returns>How many got none in time.</returns>
    public async Task<int> FillAsync(int slots, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var taken = await Task.WhenAll(Enumerable.Range(0, slots).Select(async number =>
        {
            var name = $"fill-{_run}-{number}";
            var body = $$"""{"env_type":"{{Environment}}","task_id":"{{TaskId}}","instance_id":"{{name}}"}""";
            while (Stopwatch.GetElapsedTime(started) < limit)
            {
                if (await RawCall.SendAsync(gateway, "create", name, body, LongestWait) is { Status: 200 }) return true;
                await Task.Delay(Pause);
            }

            return false;
        }));
        return taken.Count(one => !one);
    }

    private async Task CallAsync(Random random)
    {
        Interlocked.Increment(ref Counts.Asked);
        var name = random.NextDouble() < options.Named ? $"crowd-{_run}-{Interlocked.Increment(ref _named)}" : null;
        var body = name is null
            ? $$"""{"env_type":"{{Environment}}","task_id":"{{TaskId}}"}"""
            : $$"""{"env_type":"{{Environment}}","task_id":"{{TaskId}}","instance_id":"{{name}}"}""";
        var patience = random.NextDouble() < options.HangUp ? Draw(options.Patience, random) : LongestWait;
        var answer = await RawCall.SendAsync(gateway, "create", name, body, patience);
        if (answer.IsHungUp) Interlocked.Increment(ref Counts.HungUp);
        if (name is not null && !answer.IsEnd) answer = await UntilEndAsync("create", name, body);
        if (answer.Status == 200)
        {
            Interlocked.Increment(ref Counts.Answered);
            await UseAsync(Instance(answer), random);
        }
        else if (answer is { Status: 503, IsEnd: true })
        {
            Interlocked.Increment(ref Counts.NoCapacity);
        }
        else if (!answer.IsHungUp)
        {
            Counts.Add(answer);
            await Task.Delay(Pause);
        }
    }

    /// <summary>A step on which its caller may hang up; the instance is released all the same.</summary>
    private async Task UseAsync(string instance, Random random)
    {
        var step = $$"""{"instance_id":"{{instance}}","messages":{"role":"assistant","content":"hello"} }""";
        if (random.Next(2) == 0) await RawCall.SendAsync(gateway, "step", null, step, Draw((TimeSpan.Zero, TimeSpan.FromMilliseconds(50)), random));
        await Task.Delay(Draw(options.Hold, random));
        if (await UntilEndAsync("release", null, $$"""{"instance_id":"{{instance}}"}""") is not { IsEnd: true }) Interlocked.Increment(ref Counts.NotReleased);
    }

    private async Task<RawAnswer> UntilEndAsync(string path, string? key, string body)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await RawCall.SendAsync(gateway, path, key, body, LongestWait);
            if (answer.IsEnd || Stopwatch.GetElapsedTime(started) > EndLimit) return answer;
            await Task.Delay(Pause);
        }
    }

    private static string Instance(RawAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("data").GetProperty("info").GetProperty("instance_id").GetString()!;
    }

    private static TimeSpan Draw((TimeSpan Shortest, TimeSpan Longest) range, Random random) => range.Shortest + (range.Longest - range.Shortest) * random.NextDouble();
}
