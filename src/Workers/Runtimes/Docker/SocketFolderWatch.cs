using System.IO.Enumeration;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// Looks now and then at what a container has put into the folder of its socket, where no file system of its own limits that: a folder of
/// compose's volume, which all containers share, or one of a worker that may not mount.
/// </summary>
/// <param name="folder">The folder as the worker sees it.</param>
/// <param name="limitKb">What it may hold.</param>
/// <param name="time">The clock.</param>
internal sealed class SocketFolderWatch(string folder, int limitKb, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Waits until the folder holds more than it may.</summary>
    /// <returns>What is too much, for people.</returns>
    public async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, cancellationToken);
            if (Excess() is { } excess) return excess;
        }
    }

    /// <returns>What is too much; null as long as nothing is.</returns>
    internal string? Excess()
    {
        try
        {
            var (files, bytes) = (0, 0L);

            // Links are not followed: they would lead out of the folder.
            var sizes = new FileSystemEnumerable<long>(folder, (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, Everything)
            {
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            };
            foreach (var size in sizes)
            {
                bytes += size;
                if (++files > SocketFolders.MostFiles) return $"more than {SocketFolders.MostFiles} files";
                if (bytes > (long)limitKb << 10) return $"more than {limitKb} kB";
            }

            return null;
        }
        catch (DirectoryNotFoundException)
        {
            // It, or a folder in it, was removed meanwhile.
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Folders deeper than any path, or closed ones: nothing that a socket needs.
            return $"what cannot be listed ({exception.Message})";
        }
    }
}
