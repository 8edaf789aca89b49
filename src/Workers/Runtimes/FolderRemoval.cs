using System.Globalization;
using System.Runtime.InteropServices;

namespace SandQueue.Workers.Runtimes;

/// <summary>
/// Removes a folder whatever is in it: names that are no text, folders that closed themselves, and folders in folders so deep
/// that no path reaches them. It follows no link, and needs the same memory however deep it goes: what is not empty is
/// moved up to the top first.
/// </summary>
internal sealed class FolderRemoval
{
    private readonly Queue<byte[]> _left = new();
    private readonly int _top;

    // Unlike any name that is there already.
    private readonly string _prefix = $".{Guid.NewGuid():n}-";
    private int _moved;
    private int _error;

    private FolderRemoval(int top) => _top = top;

    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">Something in it could not be removed; all the rest is.</exception>
    public static void Remove(string folder, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        var top = LinuxFiles.OpenFolder(folder);
        if (top < 0) throw Failure(folder, Marshal.GetLastPInvokeError());
        try
        {
            var removal = new FolderRemoval(top);
            removal.Empty(cancellationToken);
            if (removal._error != 0) throw Failure(folder, removal._error);
        }
        finally
        {
            _ = LinuxFiles.Close(top);
        }

        Directory.Delete(folder);
    }

    private void Empty(CancellationToken cancellationToken)
    {
        foreach (var name in LinuxFiles.Names(_top).ToList()) RemoveIn(_top, name);
        while (_left.TryDequeue(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            LinuxFiles.OpenUp(_top, folder);
            var descriptor = LinuxFiles.OpenFolder(_top, folder);
            if (descriptor < 0)
            {
                Note(Marshal.GetLastPInvokeError());
                continue;
            }

            try
            {
                foreach (var name in LinuxFiles.Names(descriptor).ToList()) RemoveIn(descriptor, name);
            }
            finally
            {
                _ = LinuxFiles.Close(descriptor);
            }

            Note(LinuxFiles.RemoveFolder(_top, folder));
        }
    }

    private void RemoveIn(int parent, byte[] name)
    {
        var error = LinuxFiles.RemoveFile(parent, name);
        if (error is LinuxFiles.IsFolder or LinuxFiles.NotPermitted) error = LinuxFiles.RemoveFolder(parent, name);
        if (error is not (LinuxFiles.NotEmpty or LinuxFiles.Exists))
        {
            Note(error);
            return;
        }

        if (parent == _top)
        {
            _left.Enqueue(name);
            return;
        }

        // Its owner needs rights on it to move it, for its parent is written in it.
        LinuxFiles.OpenUp(parent, name);
        var top = LinuxFiles.Bytes(string.Create(CultureInfo.InvariantCulture, $"{_prefix}{++_moved}"));
        error = LinuxFiles.Move(parent, name, _top, top);
        if (error == 0) _left.Enqueue(top);
        else Note(error);
    }

    private void Note(int error)
    {
        if (error != LinuxFiles.Missing && _error == 0) _error = error;
    }

    private static Exception Failure(string folder, int error) => error == LinuxFiles.Missing
        ? new DirectoryNotFoundException($"there is no folder {folder}")
        : new IOException($"{folder} could not be removed: {Marshal.GetPInvokeErrorMessage(error)}");
}
