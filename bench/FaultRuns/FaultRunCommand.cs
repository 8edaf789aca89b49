using System.Globalization;
using System.Runtime.InteropServices;
using SandQueue.FaultRuns;
using SandQueue.Testing;

namespace SandQueue.Bench.FaultRuns;

/// <summary>The long fault run, with a broker and a database of its own.</summary>
internal static class FaultRunCommand
{
    /// <returns>1 where a promise was broken.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args) => WithServersAsync(async (rabbit, postgres, cancellationToken) =>
    {
        var report = await new FaultRun(rabbit, postgres, Parse(args), Console.Error.WriteLine).RunAsync(cancellationToken);
        Console.WriteLine(report.ToJson());
        return report.IsBroken ? 1 : 0;
    });

    /// <summary>From kill -9 of a worker to the last of its instances answering again.</summary>
    public static Task<int> RecoverAsync(IReadOnlyList<string> args) => WithServersAsync(async (rabbit, postgres, cancellationToken) =>
    {
        var given = new GivenOptions(args);
        var run = new RecoveryRun(
            rabbit, postgres, given.Number("--instances", 100), given.Number("--steps", 20), TimeSpan.FromSeconds(given.Number("--lease", 15)), given.Text("--runtime", "docker") == "docker");
        Console.WriteLine(await run.RunAsync(cancellationToken));
        return 0;
    });

    /// <summary>A full farm whose callers hang up.</summary>
    public static Task<int> CrowdAsync(IReadOnlyList<string> args) => WithServersAsync(async (rabbit, postgres, cancellationToken) =>
    {
        var given = new GivenOptions(args);
        var run = new CrowdRun(
            rabbit, postgres, given.Number("--callers", 2000), given.Number("--slots", 100), given.Number("--workers", 2), TimeSpan.FromSeconds(given.Number("--seconds", 60)), Console.Error.WriteLine);
        Console.WriteLine(await run.RunAsync(cancellationToken));
        return 0;
    });

    /// <summary>Outages of what all need, and of one worker alone.</summary>
    public static Task<int> OutagesAsync(IReadOnlyList<string> args) => WithServersAsync(async (rabbit, postgres, cancellationToken) =>
    {
        var given = new GivenOptions(args);
        string[] names = given.Text("--only", "") is { Length: > 0 } only ? only.Split(',') : [.. OutageRun.Names];
        if (names.Except(OutageRun.Names).ToList() is { Count: > 0 } unknown)
        {
            Console.Error.WriteLine($"--only: {string.Join(", ", unknown)} is none of {string.Join(", ", OutageRun.Names)}");
            return 2;
        }

        var run = new OutageRun(
            rabbit, postgres, given.Number("--clients", 32), TimeSpan.FromSeconds(given.Number("--hang", 60)), TimeSpan.FromSeconds(given.Number("--alone", 60)), Console.Error.WriteLine);
        await foreach (var line in run.RunAsync(names, cancellationToken)) Console.WriteLine(line);
        return 0;
    });

    private static async Task<int> WithServersAsync(Func<RabbitMqServer, PostgresServer, CancellationToken, Task<int>> run)
    {
        using var stopped = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stopped));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stopped));
        await using var rabbit = new RabbitMqServer();
        await using var postgres = new PostgresServer();
        try
        {
            return await run(rabbit, postgres, stopped.Token);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return 130;
        }
    }

    private static FaultRunOptions Parse(IReadOnlyList<string> args)
    {
        var given = new GivenOptions(args);
        var otherwise = new FaultRunOptions();
        return new FaultRunOptions
        {
            Duration = TimeSpan.FromMinutes(double.Parse(given.Text("--minutes", "20"), CultureInfo.InvariantCulture)),
            Steps = given.Number("--steps", 0) is > 0 and var steps ? steps : null,
            Seed = given.Number("--seed", otherwise.Seed),
            Instances = given.Number("--instances", otherwise.Instances),
            Clients = given.Number("--clients", otherwise.Clients),
            Docker = given.Text("--runtime", "docker") == "docker",
            LogFolder = given.Text("--logs", "") is { Length: > 0 } folder ? folder : null,
        };
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopped)
    {
        signal.Cancel = true;
        stopped.Cancel();
    }
}
