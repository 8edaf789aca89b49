using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// The folders in which servers make their sockets: <c>root/worker/container</c>. The worker's is closed to everyone
/// else; the container's, mounted into it, is open to whatever user the server runs as.
/// </summary>
internal sealed class SocketFolders : IDisposable
{
    /// <summary>
    /// Says whose a worker's folder is, so that a later worker can remove it. Locked as long as its process lives: that
    /// the database does not know a worker as living (its lease has ended, or is not there yet) does not mean that it starts nothing.
    /// </summary>
    private const string OwnerFile = "owner";

    /// <summary>A Unix socket's path has at most 107 bytes, and so much of it is not the root.</summary>
    private const int LongestRoot = 107 - (1 + WorkerLength + 1 + 12 + 1 + 16);

    private const int WorkerLength = 8;

    /// <summary>Files that a container may make in its folder: it needs one.</summary>
    public const int MostFiles = 64;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Anyone = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly Dictionary<string, FileStream> _own = new(StringComparer.Ordinal);
    private readonly string _farm;

    public SocketFolders(string? root, string farm)
    {
        Root = root is { Length: > 0 } named ? Path.GetFullPath(named) : UsualRoot();
        if (Encoding.UTF8.GetByteCount(Root) > LongestRoot)
        {
            throw new ContainerException($"DockerRuntime:SocketFolder {Root} is too long: a Unix socket's path leaves it {LongestRoot} bytes");
        }

        _farm = farm;
    }

    public string Root { get; }

    /// <summary>Makes a container's folder.</summary>
    /// <param name="worker">The worker's process.</param>
    /// <param name="container">The container.</param>
    public string Create(string worker, ContainerName container)
    {
        if (OperatingSystem.IsWindows()) throw new ContainerException("the Docker runtime shares Unix sockets with containers, which Windows cannot; run the worker in a container");

        var owned = Path.Combine(Root, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_farm}\n{worker}")))[..WorkerLength]);
        var folder = Path.Combine(owned, container.Suffix);
        try
        {
            lock (_own)
            {
                if (!_own.ContainsKey(owned))
                {
                    Directory.CreateDirectory(owned, OwnerOnly);
                    _own.Add(owned, Lock(owned, worker));
                }
            }

            Directory.CreateDirectory(folder);
            // Not at its creation: there the process's umask takes rights away.
            File.SetUnixFileMode(folder, Anyone);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException($"cannot make {folder} for a container's socket: {exception.Message} Set DockerRuntime:SocketFolder to a folder this user can write to", exception);
        }
    }

    /// <summary>Mounts a small file system in memory at a container's folder, which limits what the container may write to it.</summary>
    /// <returns>False where this user may mount none.</returns>
    public static bool TryLimit(string folder, int limitKb) =>
        LinuxFiles.MountMemory(folder, string.Create(CultureInfo.InvariantCulture, $"size={limitKb}k,nr_inodes={MostFiles},mode=0777")) == 0;

    /// <summary>Removes a worker's folder with the folders of its containers.</summary>
    /// <exception cref="ContainerException">Something in it cannot be removed; the rest is.</exception>
    public static void RemoveWorker(string folder, CancellationToken cancellationToken = default)
    {
        try
        {
            // What is mounted goes first. The folder is the worker's alone: nobody else can have put anything into it.
            foreach (var container in Directory.EnumerateDirectories(folder)) LinuxFiles.Unmount(container);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is said below.
        }

        Remove(folder, cancellationToken);
    }

    /// <summary>Removes a container's folder, with whatever its server left in it.</summary>
    /// <exception cref="ContainerException">Something in it cannot be removed; the rest is.</exception>
    public static void Remove(string folder, CancellationToken cancellationToken = default)
    {
        try
        {
            if (OperatingSystem.IsLinux()) LinuxFiles.Unmount(folder);
            FolderRemoval.Remove(folder, cancellationToken);
        }
        catch (DirectoryNotFoundException)
        {
            // Removed before, by hand or with its worker's.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException($"cannot remove {folder}: {exception.Message}", exception);
        }
    }

    /// <summary>Removes this worker's own folders, with whatever is left in them.</summary>
    public void RemoveOwn()
    {
        lock (_own)
        {
            foreach (var folder in _own.Keys) RemoveWorker(folder);
        }
    }

    /// <summary>Leaves what is left in this worker's own folders to a later worker.</summary>
    public void Dispose()
    {
        lock (_own)
        {
            foreach (var held in _own.Values) held.Dispose();
        }
    }

    /// <summary>The folders of other workers of the farm whose processes do not live, and whose they are.</summary>
    public IReadOnlyList<(string Folder, string Worker)> FindOthers()
    {
        if (!Directory.Exists(Root)) return [];
        lock (_own)
        {
            return
            [
                .. Directory.EnumerateDirectories(Root)
                    .Where(folder => !_own.ContainsKey(folder))
                    .Select(folder => (folder, OwnerOf(folder)))
                    .Where(found => found.Item2 is not null)
                    .Select(found => (found.folder, found.Item2!)),
            ];
        }
    }

    private FileStream Lock(string owned, string worker)
    {
        // Under another name until it is locked: nobody can read it before, and be in the way.
        var temporary = Path.Combine(owned, $"{OwnerFile}.new");
        var held = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            held.Write(Encoding.UTF8.GetBytes($"{_farm}\n{worker}"));
            held.Flush();
            File.Move(temporary, Path.Combine(owned, OwnerFile), overwrite: true);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static string UsualRoot()
    {
        if (Environment.IsPrivilegedProcess) return "/run/sandqueue";

        // Not a folder that others can write to: there someone else could make ours, and hold it.
        return Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
            ? Path.Combine(runtime, "sandqueue")
            : throw new ContainerException("this user has no runtime folder (XDG_RUNTIME_DIR) for the sockets of containers; set DockerRuntime:SocketFolder to a folder of its own, in memory");
    }

    /// <returns>The worker's name, or null where the folder is no worker's of this farm, or its process lives.</returns>
    private string? OwnerOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, OwnerFile)).Split('\n') is [var farm, var worker] && farm == _farm ? worker : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
