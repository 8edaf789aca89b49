using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Hosting.Logging;
using SandQueue.Hosting.Startup;
using SandQueue.Storage;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Determinism;

/// <summary>
/// The command <c>determinism ENV [--episodes 20] [--times 3]</c>: prints the share of recorded observations that came out
/// the same, a line of JSON, and every difference and every failure of the environment on a line of its own.
/// </summary>
public static class DeterminismProgram
{
    /// <summary>The command's name.</summary>
    public const string Name = "determinism";

    /// <summary>Characters of a line: a difference shows both observations.</summary>
    private const int LongestLine = 5_000;

    /// <param name="configuration">The program's settings, and the command's own.</param>
    /// <param name="environment">The <c>env_type</c>.</param>
    /// <param name="storage">Where the journal is.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>0 where everything was the same and the environment never failed, else 1.</returns>
    /// <exception cref="StartupException">It cannot be measured; the message says why.</exception>
    public static async Task<int> RunAsync(IConfiguration configuration, string environment, StorageOptions storage, CancellationToken cancellationToken)
    {
        var (episodes, times) = (Number(configuration, "episodes", 20), Number(configuration, "times", 3));
        var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddLines());
        services.AddStorage(storage);
        services.AddWorker(configuration);
        services.AddSingleton<ReplayMeasurement>();
        await using var provider = services.BuildServiceProvider();
        var pools = provider.GetRequiredService<EnvironmentPools>();
        if (!pools.TryGet(environment, out var pool))
        {
            throw new StartupException($"there is no environment '{environment}' to measure; known are {string.Join(", ", pools.All.Select(known => known.Environment))}");
        }

        await pool.DescribeAsync(cancellationToken);
        var share = await provider.GetRequiredService<ReplayMeasurement>().RunAsync(pool, episodes, times, cancellationToken);
        if (share.Episodes == 0) throw new StartupException($"the journal has no episode of '{environment}' with a step; play some first");
        Console.WriteLine(JsonSerializer.Serialize(
            new { environment, episodes = share.Episodes, times, observations = share.Observations, identical = share.Identical, failures = share.Failures.Count, share = share.Share }));
        foreach (var line in share.Differences.Concat(share.Failures)) Console.WriteLine(OneLine.Of(line, LongestLine));
        return share.IsWhole ? 0 : 1;
    }

    private static int Number(IConfiguration configuration, string name, int otherwise) => configuration[name] switch
    {
        null => otherwise,
        var given when int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var given => throw new StartupException($"--{name} is '{given}'; it must be a whole number above 0"),
    };
}
