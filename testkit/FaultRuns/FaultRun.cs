using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SandQueue.FaultRuns.Checking;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Farm;
using SandQueue.FaultRuns.Faults;
using SandQueue.FaultRuns.Models;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.FaultRuns;

/// <summary>A farm under load while its parts are killed, stopped, cut off and restarted; afterwards all of it is checked.</summary>
/// <param name="rabbit">The broker.</param>
/// <param name="postgres">The database.</param>
/// <param name="options">How large, and how drawn.</param>
/// <param name="say">Gets what happens, a line each.</param>
public sealed partial class FaultRun(RabbitMqServer rabbit, PostgresServer postgres, FaultRunOptions options, Action<string> say)
{
    /// <summary>A command without an end for so long has none.</summary>
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan HangUpLimit = TimeSpan.FromSeconds(30);

    /// <summary>Longer than an instance that nobody has used keeps a slot for which others wait.</summary>
    private static readonly TimeSpan FillLimit = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<PlayedEpisode> _episodes = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private int _answered;

    public async Task<FaultRunReport> RunAsync(CancellationToken cancellationToken)
    {
        var (engine, missing) = options.Docker ? await ContainerEngine.StartAsync(cancellationToken) : (null, "containers were not asked for");
        if (engine is null) Say($"environments run as processes: {missing}");
        await using var _ = engine;
        await using var farm = await FaultFarm.StartAsync(rabbit, postgres, engine, options);
        Say($"the farm is up: {options.Gateways} gateways, {options.Workers} workers, runtime {farm.Runtime}, seed {options.Seed}");
        try
        {
            return await RunAsync(farm, cancellationToken);
        }
        finally
        {
            if (options.LogFolder is { } folder) await farm.WriteLogsAsync(folder);
        }
    }

    private async Task<FaultRunReport> RunAsync(FaultFarm farm, CancellationToken cancellationToken)
    {
        using var caller = new CommandCaller(() => [.. farm.Gateways.Select(gateway => gateway.Address)], CommandLimit);
        var large = new LargeAnswers();
        var crowd = new Crowd(farm.Gateways[^1].Address, new CrowdOptions { Callers = options.CrowdSlotsPerWorker * options.Workers * 3, Seed = options.Seed });
        var clients = Enumerable.Range(0, options.Clients)
            .Select(number => new FaultClient(number, Share(number), options.Seed, caller, large, _episodes.Enqueue, () => Interlocked.Increment(ref _answered)))
            .ToList();
        var random = new Random(options.Seed);
        var faults = new FaultPlan(farm, options, new LoadFaults(crowd, large, random), random, Say);
        var (seconds, healed) = await BreakAsync(clients, faults, cancellationToken);
        Say("the faults are over; every instance is stepped once more");
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            limit.CancelAfter(options.SettleLimit);
            await Task.WhenAll(clients.Select(client => client.TouchAsync(limit.Token)));
        }

        var lastRecovery = Stopwatch.GetElapsedTime(healed).TotalSeconds;
        Say($"all answered after {lastRecovery:0.0} s; evaluating and comparing");
        var whole = await IsWholeAsync(farm, faults);
        var held = await HeldByNobodyAsync(farm, crowd);
        await Task.WhenAll(clients.Select(client => client.EvaluateAllAsync(cancellationToken)));
        var findings = new Findings();
        var (recovered, sound, paired) = await CheckAsync(farm, caller, findings, cancellationToken);
        await Task.WhenAll(clients.Select(client => client.ReleaseAllAsync(cancellationToken)));
        await farm.StopAsync();
        var left = await farm.Servers.CountAsync();
        SayWhatDidNotComplete();
        foreach (var odd in caller.Odd.Distinct().Take(5)) Say($"an odd answer: {odd}");
        foreach (var odd in faults.Deserted.Concat(faults.DrainFindings)) Say(odd);
        Say($"of {crowd.Counts.Asked} Creates for few slots {crowd.Counts.Answered} were answered, {crowd.Counts.NoCapacity} told that there is no capacity, {crowd.Counts.Other} told something else; {crowd.Counts.HungUp} times a caller hung up");
        foreach (var other in crowd.Counts.Others.Take(5)) Say($"told something else: {other}");
        return Report(farm, findings, faults, seconds) with
        {
            Recovered = recovered.Count,
            Verified = sound,
            Paired = paired,
            SecondsToLastRecovery = Math.Round(lastRecovery, 1),
            ContainersLeft = left,
            EndedByThemselves = faults.Deserted.Count,
            DrainsThatFailed = faults.DrainFindings.Count,
            HeldByNobody = held,
            WholeAgain = whole,
        };
    }

    private async Task<bool> IsWholeAsync(FaultFarm farm, FaultPlan faults)
    {
        try
        {
            await farm.WholeAsync(faults.StartDeserted);
            return true;
        }
        catch (TimeoutException exception)
        {
            Say(exception.Message);
            return false;
        }
    }

    /// <summary>
    /// Slots that nobody can have though their callers are gone. A hang-up may still be on its way, and a caller that hung up while its answer was
    /// on the wire leaves an instance, which gives its slot up once others ask for it.
    /// </summary>
    private async Task<int> HeldByNobodyAsync(FaultFarm farm, Crowd crowd)
    {
        try
        {
            await Until.TrueAsync("all slots are free", async () => await farm.CountLivingAsync(Crowd.Environment) == 0, HangUpLimit);
            return 0;
        }
        catch (TimeoutException)
        {
            Say($"{await farm.CountLivingAsync(Crowd.Environment)} instances of callers that are gone live on; all slots are asked for");
            return await crowd.FillAsync(options.CrowdSlotsPerWorker * options.Workers, FillLimit);
        }
    }

    private int Share(int client) => options.Instances / options.Clients + (client < options.Instances % options.Clients ? 1 : 0);

    /// <returns>How long it took, and when the last fault was healed.</returns>
    private async Task<(double Seconds, long Healed)> BreakAsync(List<FaultClient> clients, FaultPlan faults, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var playing = clients.Select(client => client.PlayAsync(quiet.Token, cancellationToken)).ToList();

        // What breaks nothing that runs tests nothing.
        await Until.TrueAsync("the load runs", () => Task.FromResult(Volatile.Read(ref _answered) >= options.Instances), LoadLimit);
        over.CancelAfter(options.Duration);
        var breaking = faults.RunAsync(over.Token, cancellationToken);
        using var watch = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var tick = 1; !breaking.IsCompleted; tick++)
        {
            await watch.WaitForNextTickAsync(cancellationToken);
            if (tick % 30 == 0) Say($"{Volatile.Read(ref _answered)} answers");
            if (options.Steps is { } steps && Volatile.Read(ref _answered) >= steps) await over.CancelAsync();
            if (playing.Find(player => player.IsFaulted) is { } broken) await broken;
        }

        await breaking;
        var healed = Stopwatch.GetTimestamp();
        await quiet.CancelAsync();
        await Task.WhenAll(playing);
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, healed);
    }

    private async Task<(List<RecordedEpisode> Recovered, int Sound, int Paired)> CheckAsync(FaultFarm farm, CommandCaller caller, Findings findings, CancellationToken cancellationToken)
    {
        var rebuilt = Rebuilds(farm).ToHashSet(StringComparer.Ordinal);
        var chances = new Chances();
        var recovered = new List<RecordedEpisode>();
        var sound = new List<RecordedEpisode>();
        foreach (var episode in await JournalReader.ReadAsync(farm.Database, _episodes, cancellationToken))
        {
            var good = new EpisodeCheck(episode, chances, findings).Run();
            if (!episode.WasTakenOver && !rebuilt.Contains(episode.Played.Instance)) continue;
            recovered.Add(episode);
            if (good) sound.Add(episode);
        }

        var paired = 0;
        var pairs = sound.Where(episode => episode.Played.Model is not null).Order(new BySteps()).Take(options.Paired).ToList();
        await Parallel.ForEachAsync(pairs, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (episode, stop) =>
        {
            if (await PairedRun.CompareAsync(episode, caller, stop) is { } difference) findings.Add(Broken.Diverged, $"{episode.Played.Instance}: {difference}");
            else Interlocked.Increment(ref paired);
        });
        return (recovered, sound.Count, paired);
    }

    private FaultRunReport Report(FaultFarm farm, Findings findings, FaultPlan faults, double seconds)
    {
        var commands = _episodes.SelectMany(episode => episode.Commands).ToList();
        var steps = commands.Count(command => command is { Kind: CommandKind.Step, Told: ToldEnd.Completed });
        var latencies = new CommandLatencies(commands, faults.Spans);
        return new FaultRunReport
        {
            Runtime = farm.Runtime,
            Seed = options.Seed,
            Commands = commands.Count,
            Completed = Told(ToldEnd.Completed),
            Rejected = Told(ToldEnd.Rejected),
            Expired = Told(ToldEnd.Expired),
            Failed = Told(ToldEnd.Failed) + Told(ToldEnd.Cancelled),
            Unanswered = findings.Count(Broken.Unanswered),
            Lost = findings.Count(Broken.Lost),
            Doubled = findings.Count(Broken.Doubled),
            Fabricated = findings.Count(Broken.Fabricated),
            Misobserved = findings.Count(Broken.Misobserved),
            Contradicted = findings.Count(Broken.Contradicted),
            Diverged = findings.Count(Broken.Diverged),
            Rebuilds = Rebuilds(farm).Count(),
            Faults = faults.Spans.GroupBy(span => span.Kind).OrderBy(kind => kind.Key).ToDictionary(kind => kind.Key.ToString(), latencies.During),
            Episodes = _episodes.Count,
            Steps = steps,
            StepsPerSecond = Math.Round(steps / seconds, 1),
            Seconds = Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1),
            P50Ms = latencies.All.P50Ms,
            P99Ms = latencies.All.P99Ms,
            SlowestSeconds = latencies.All.SlowestSeconds,
            BeyondFaults = latencies.BeyondFaults,
            BesideFaultsAbove3S = latencies.BesideFaultsAbove(TimeSpan.FromSeconds(3)),
            BesideFaultsAbove20S = latencies.BesideFaultsAbove(TimeSpan.FromSeconds(20)),
            Log = LogLines.Count(farm.Workers.SelectMany(worker => worker.All), farm.Gateways.SelectMany(gateway => gateway.All)),
            Findings = [.. findings.Words.Take(40)],
        };

        int Told(ToldEnd end) => commands.Count(command => command.Told == end);
    }

    /// <summary>What clients were told besides answers, and what took longest: for people who look into a run.</summary>
    private void SayWhatDidNotComplete()
    {
        var commands = _episodes.SelectMany(episode => episode.Commands.Select(command => (episode, command))).ToList();
        foreach (var told in commands.Where(pair => pair.command.Told != ToldEnd.Completed).GroupBy(pair => Numbers().Replace(pair.command.AnswerText, "#")).OrderByDescending(told => told.Count()).Take(8))
        {
            Say($"{told.Count()} times: {told.Key}");
        }

        foreach (var (episode, command) in commands.OrderByDescending(pair => pair.command.Milliseconds).Take(3))
        {
            Say($"took {command.Milliseconds / 1000:0.0} s and {command.Tries} tries: {command.Kind} {command.Step} of {episode.Instance}, from second {Stopwatch.GetElapsedTime(_started, command.StartedAt).TotalSeconds:0}");
        }
    }

    /// <summary>The instances workers say they rebuilt, each time they did.</summary>
    private static IEnumerable<string> Rebuilds(FaultFarm farm) =>
        farm.Workers.SelectMany(worker => worker.All).SelectMany(program => program.Output)
            .Select(line => Rebuilt().Match(line)).Where(match => match.Success).Select(match => match.Groups["instance"].Value);

    private void Say(string words) => say($"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:0.0} {words}");

    [GeneratedRegex("[0-9a-f]{8,}|[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("instance '(?<instance>[^']+)' was rebuilt")]
    private static partial Regex Rebuilt();

    /// <summary>The longest episodes first: they have the most to differ in.</summary>
    private sealed class BySteps : IComparer<RecordedEpisode>
    {
        public int Compare(RecordedEpisode? x, RecordedEpisode? y) => y!.Played.Steps.CompareTo(x!.Played.Steps);
    }
}
