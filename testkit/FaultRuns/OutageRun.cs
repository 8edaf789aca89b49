using System.Diagnostics;
using System.Text.Json;
using SandQueue.FaultRuns.Checking;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Farm;
using SandQueue.FaultRuns.Outages;
using SandQueue.Testing;

namespace SandQueue.FaultRuns;

/// <summary>
/// One outage after the other under a steady load: seconds from its end until the first and the last command that waited is answered; and where it
/// hits one worker alone, seconds from its begin until no command waits for that worker any more.
/// </summary>
public sealed class OutageRun(RabbitMqServer rabbit, PostgresServer postgres, int clients, TimeSpan hang, TimeSpan alone, Action<string> say)
{
    /// <summary>A command that took longer while a worker was cut off waited for it.</summary>
    private const double Waited = 1500;

    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(5);

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Outage.All(default, default).Select(outage => outage.Name)];

    /// <param name="names">Which outages, of <see cref="Names"/>.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The figures of each, as a line of JSON.</returns>
    public async IAsyncEnumerable<string> RunAsync(IReadOnlyCollection<string> names, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var outage in Outage.All(hang, alone).Where(outage => names.Contains(outage.Name)))
        {
            // Each on a farm of its own, so that none suffers from the one before.
            await using var farm = await FaultFarm.StartAsync(rabbit, postgres, engine: null, new FaultRunOptions { Instances = clients * 2 });
            say($"{outage.Name} under the load of {clients} clients");
            yield return JsonSerializer.Serialize(await MeasureAsync(farm, outage, cancellationToken));
        }
    }

    private async Task<Dictionary<string, object?>> MeasureAsync(FaultFarm farm, Outage outage, CancellationToken cancellationToken)
    {
        using var caller = new CommandCaller(() => [.. farm.Gateways.Select(gateway => gateway.Address)], CommandLimit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var players = Enumerable.Range(0, clients).Select(number => new OutageClient(number, caller)).ToList();
        var playing = Task.WhenAll(players.Select(player => player.PlayAsync(stop.Token, cancellationToken)));
        await Until.TrueAsync("all clients are answered", () => players.TrueForAll(player => player.Commands.Count > 1), AnswerLimit);
        await Task.Delay(Before, cancellationToken);

        var worker = outage.Worker ? await NameAsync(farm) : null;
        var owned = worker is null ? new HashSet<string>() : await farm.ListOwnedAsync(worker);
        var written = farm.Workers[0].Program.Output.Count;
        var began = Stopwatch.GetTimestamp();
        await outage.RunAsync(farm, cancellationToken);
        var ended = Stopwatch.GetTimestamp();
        say($"over after {Stopwatch.GetElapsedTime(began, ended).TotalSeconds:0.0} s");
        await Until.TrueAsync("all clients are answered again", () => players.TrueForAll(player => player.Commands.Any(one => one.Command.StartedAt > ended)), AnswerLimit);
        await Task.Delay(After, cancellationToken);
        await stop.CancelAsync();
        await playing;

        var commands = players.SelectMany(player => player.Commands).Where(one => End(one.Command) > began).ToList();
        var figures = new Dictionary<string, object?>
        {
            ["outage"] = outage.Name,
            ["clients"] = clients,
            ["outage_s"] = Seconds(began, ended),
            ["commands"] = commands.Count,
            ["not_completed"] = commands.Count(one => one.Command.Told != ToldEnd.Completed),
            ["slowest_s"] = Math.Round(commands.Max(one => one.Command.Milliseconds) / 1000, 1),
        };
        foreach (var (told, count) in commands.Where(one => one.Command.Told != ToldEnd.Completed).CountBy(one => $"{one.Command.Told} {one.Command.Status}")) figures[$"told {told}"] = count;
        if (worker is null) AddWaiting(figures, commands, ended);
        else await AddWorkerAsync(figures, farm, worker, owned, commands, began, written);
        return figures;
    }

    /// <summary>From the end of an outage that stopped all, until those who waited are answered.</summary>
    private static void AddWaiting(Dictionary<string, object?> figures, List<(string Instance, SentCommand Command)> commands, long ended)
    {
        var waiting = commands.Where(one => one.Command.StartedAt < ended && End(one.Command) > ended).Select(one => Seconds(ended, End(one.Command))).Order().ToList();
        figures["waiting"] = waiting.Count;
        figures["first_answer_after_s"] = waiting.Count > 0 ? waiting[0] : null;
        figures["median_answer_after_s"] = waiting.Count > 0 ? waiting[waiting.Count / 2] : null;
        figures["last_answer_after_s"] = waiting.Count > 0 ? waiting[^1] : null;
    }

    /// <summary>What one worker that is cut off does to the clients of its instances, to all others, and what it says.</summary>
    private static async Task AddWorkerAsync(
        Dictionary<string, object?> figures, FaultFarm farm, string worker, IReadOnlySet<string> owned, List<(string Instance, SentCommand Command)> commands, long began, int written)
    {
        var waited = commands.Where(one => one.Command.Milliseconds > Waited).ToList();
        var rows = await farm.ListWorkersAsync();
        figures["instances_it_owned"] = owned.Count;
        figures["waited_for_it"] = waited.Count(one => owned.Contains(one.Instance));
        figures["last_that_waited_for_it_answered_after_s"] = Last(waited.Where(one => owned.Contains(one.Instance)));
        figures["others_that_waited"] = waited.Count(one => !owned.Contains(one.Instance));
        figures["last_other_that_waited_answered_after_s"] = Last(waited.Where(one => !owned.Contains(one.Instance)));
        figures["kept_its_lease"] = rows.Any(row => row.Name == worker && row.Lives);
        figures["rows_of_workers"] = rows.Count;
        figures["program_ended"] = farm.Workers[0].Program.HasExited;
        figures["log"] = LogLines.Count(farm.Workers[0].All[^1].Output.Skip(farm.Workers[0].All.Count > 1 ? 0 : written), "worker").Take(8);

        double? Last(IEnumerable<(string Instance, SentCommand Command)> some) => some.Select(one => (double?)Seconds(began, End(one.Command))).Max();
    }

    /// <summary>What the first worker is called: its own output has its name.</summary>
    private static async Task<string> NameAsync(FaultFarm farm)
    {
        var output = string.Join('\n', farm.Workers[0].Program.Output);
        return (await farm.ListWorkersAsync()).Single(worker => output.Contains(worker.Name, StringComparison.Ordinal)).Name;
    }

    private static long End(SentCommand command) => command.StartedAt + (long)(command.Milliseconds * Stopwatch.Frequency / 1000);

    private static double Seconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalSeconds, 1);
}
