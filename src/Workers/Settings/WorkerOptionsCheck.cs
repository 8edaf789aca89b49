using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Hosting.Startup;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Settings;

/// <summary>Refuses settings of a worker that cannot work, each with its key and what it may be.</summary>
internal static class WorkerOptionsCheck
{
    /// <exception cref="StartupException">Names every setting that is wrong.</exception>
    public static void Require(WorkerOptions options)
    {
        var problems = Problems(options).ToList();
        if (new EnvironmentOptionsCheck().Validate(name: null, options) is { Failed: true } environments) problems.AddRange(environments.Failures);
        if (problems.Count > 0) throw new StartupException(string.Join("; ", problems));
    }

    private static IEnumerable<string> Problems(WorkerOptions options)
    {
        foreach (var (key, value) in new[]
        {
            (nameof(options.Lease), options.Lease), (nameof(options.SweepEvery), options.SweepEvery), (nameof(options.ParkAfter), options.ParkAfter),
            (nameof(options.ParkUnusedAfter), options.ParkUnusedAfter),
            (nameof(options.ReleaseAfter), options.ReleaseAfter), (nameof(options.KeepEpisodes), options.KeepEpisodes),
            (nameof(options.StartTimeout), options.StartTimeout), (nameof(options.RebuildTimeout), options.RebuildTimeout), (nameof(options.DrainTimeout), options.DrainTimeout),
        })
        {
            if (value <= TimeSpan.Zero) yield return $"Worker:{key} is {value}; it must be longer than nothing";
        }

        foreach (var (environment, settings) in options.Environments.Where(environment => environment.Value.Enabled && options.Runtime == "docker"))
        {
            if (settings.InheritedVariables.Count > 0)
            {
                yield return $"Worker:Environments:{environment}:InheritedVariables is set, and Worker:Runtime is docker, whose containers inherit nothing; set Variables";
            }

            if (ServerOptionsCheck.NoImageKey(settings) is not { } key) continue;
            yield return $"Worker:Environments:{environment}:{key} is set, and Worker:Runtime is docker, which starts images; set Image, or Worker:Runtime to process";
        }

        foreach (var role in options.Roles.Where(role => !WorkerRoles.All.Contains(role))) yield return $"Worker:Roles has '{role}'; known are {string.Join(" and ", WorkerRoles.All)}";

        if (options.RebuildsAtOnce < 1) yield return $"Worker:RebuildsAtOnce is {options.RebuildsAtOnce}; at least 1 is needed";
    }
}
