using System.Security.Cryptography;
using System.Text;
using SandQueue.Workers.Containers;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// The folders in which servers make their sockets: <c>root/worker/container</c>. The worker's is closed to everyone
/// else; the container's, mounted into it, is open to whatever user the server runs as.
/// </summary>
internal sealed class SocketFolders
{
    /// <summary>Says whose a worker's folder is, so that a later worker can remove it.</summary>
    private const string OwnerFile = "owner";

    /// <summary>A Unix socket's path has at most 107 bytes, and so much of it is not the root.</summary>
    private const int LongestRoot = 107 - (1 + WorkerLength + 1 + 12 + 1 + 16);

    private const int WorkerLength = 8;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Anyone = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _farm;
    private readonly string _worker;
    private readonly string _folder;

    public SocketFolders(string? root, string farm, string worker)
    {
        Root = root is { Length: > 0 } named ? Path.GetFullPath(named) : UsualRoot();
        if (Encoding.UTF8.GetByteCount(Root) > LongestRoot)
        {
            throw new ContainerException($"DockerRuntime:SocketFolder {Root} is too long: a Unix socket's path leaves it {LongestRoot} bytes");
        }

        (_farm, _worker) = (farm, worker);
        _folder = Path.Combine(Root, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{farm}\n{worker}")))[..WorkerLength]);
    }

    public string Root { get; }

    /// <summary>Makes a container's folder.</summary>
    public string Create(ContainerName container)
    {
        if (OperatingSystem.IsWindows()) throw new ContainerException("the Docker runtime shares Unix sockets with containers, which Windows cannot; run the worker in a container");

        var folder = PathOf(container);
        try
        {
            if (!Directory.Exists(_folder))
            {
                Directory.CreateDirectory(_folder, OwnerOnly);
                File.WriteAllText(Path.Combine(_folder, OwnerFile), $"{_farm}\n{_worker}");
            }

            Directory.CreateDirectory(folder);
            // Not at its creation: there the process's umask takes rights away.
            File.SetUnixFileMode(folder, Anyone);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException($"cannot make {folder} for a container's socket: {failure.Message} Set DockerRuntime:SocketFolder to a folder this user can write to", failure);
        }
    }

    public void Remove(ContainerName container) => Remove(PathOf(container));

    /// <summary>Removes this worker's own folder, with whatever is left in it.</summary>
    public void RemoveOwn() => Remove(_folder);

    /// <summary>Removes the folders of dead workers of the farm.</summary>
    public async Task RemoveDeadAsync(Func<string, Task<bool>> isLiving)
    {
        if (!Directory.Exists(Root)) return;
        foreach (var folder in Directory.EnumerateDirectories(Root).ToList())
        {
            if (OwnerOf(folder) is { } worker && worker != _worker && !await isLiving(worker)) Remove(folder);
        }
    }

    private static string UsualRoot() =>
        Environment.IsPrivilegedProcess
            ? "/run/sandqueue"
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? runtime : "/dev/shm", $"sandqueue-{Environment.UserName}");

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A worker that started no container has none.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException($"cannot remove {folder}: {failure.Message}", failure);
        }
    }

    private string PathOf(ContainerName container) => Path.Combine(_folder, container.Suffix);

    /// <returns>The worker's name, or null where the folder is no worker's of this farm.</returns>
    private string? OwnerOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, OwnerFile)).Split('\n') is [var farm, var worker] && farm == _farm ? worker : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
