using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Farm;

/// <summary>The environment servers that run, in containers or as child processes, found past the workers.</summary>
internal sealed class EnvironmentServers(DockerClient? engine, string farm, DirectoryInfo temporary)
{
    /// <summary>The ids of their processes: in a container the server's own, and not that of the first process, which only waits for it.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync()
    {
        if (engine is null) return [.. Children()];
        var processes = new List<int>();
        foreach (var container in await ListAsync(all: false))
        {
            try
            {
                var inspected = await engine.Containers.InspectContainerAsync(container.ID);
                if (inspected.State.Pid > 0) processes.Add(await FirstChildAsync(inspected.State.Pid) ?? (int)inspected.State.Pid);
            }
            catch (DockerContainerNotFoundException)
            {
                // It ended in between.
            }
        }

        return processes;
    }

    /// <summary>Freezes one by the engine, which goes on to call it running.</summary>
    /// <returns>The id of its process; null where there is none or no engine.</returns>
    public async Task<int?> PauseAsync(Random random)
    {
        if (engine is null || await ListAsync(all: false) is not { Count: > 0 } running) return null;
        var chosen = running[random.Next(running.Count)].ID;
        try
        {
            await engine.Containers.PauseContainerAsync(chosen);
            return (int)(await engine.Containers.InspectContainerAsync(chosen)).State.Pid;
        }
        catch (DockerApiException)
        {
            // It ended, or is paused already.
            return null;
        }
    }

    /// <summary>How many are there, running or not.</summary>
    public async Task<int> CountAsync() => engine is null ? Children().Count() : (await ListAsync(all: true)).Count;

    /// <summary>Ends what is left, so that a run leaves nothing behind even where the farm did.</summary>
    public async Task RemoveAsync()
    {
        foreach (var process in engine is null ? Children() : []) await FarmProgram.SignalAsync(process, "KILL");
        foreach (var container in engine is null ? [] : await ListAsync(all: true)) await engine!.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true });
    }

    private static async Task<int?> FirstChildAsync(long process)
    {
        try
        {
            var children = await File.ReadAllTextAsync($"/proc/{process}/task/{process}/children");
            return children.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : null;
        }
        catch (IOException)
        {
            // It ended in between.
            return null;
        }
    }

    private Task<IList<ContainerListResponse>> ListAsync(bool all) => engine!.Containers.ListContainersAsync(new ContainersListParameters
    {
        All = all,
        Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"sandqueue.farm={farm}"] = true } },
    });

    /// <summary>Child processes have the path of their socket in their command line, which is in a folder of this run's own.</summary>
    private IEnumerable<int> Children()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string command;
            try
            {
                command = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (command.Contains($"--socket\0{temporary.FullName}/", StringComparison.Ordinal)) yield return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
        }
    }
}
