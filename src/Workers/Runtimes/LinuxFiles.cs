using System.Runtime.InteropServices;

namespace SandQueue.Workers.Runtimes;

/// <summary>The calls of Linux that work on descriptors instead of paths, where .NET has none: a path may come to mean something else between two calls.</summary>
internal static class LinuxFiles
{
    public const int NotEmpty = 39;
    public const int Exists = 17;
    public const int IsFolder = 21;
    public const int Missing = 2;
    public const int NotPermitted = 1;
    public const int Busy = 16;

    private const int CloseOnExec = 0x80000;
    private const int PathOnly = 0x200000;
    private const int RemoveFolderFlag = 0x200;
    private const int Detach = 2;
    private const int NoFollowUnmount = 8;
    private const ulong NoSuidNoDevNoExec = 2 | 4 | 8;

    /// <summary>Where a directory entry has its name, on every Linux of 64 bits.</summary>
    private const int NameOffset = 19;

    // The two numbers that differ between processors.
    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static int NoFollow => IsArm ? 0x8000 : 0x20000;

    private static int FolderOnly => IsArm ? 0x4000 : 0x10000;

    /// <summary>A descriptor of what is at a path, be it a link, that reads nothing. -1 where there is nothing.</summary>
    public static int OpenPath(string path) => Open(Bytes(path), PathOnly | NoFollow | CloseOnExec);

    /// <summary>A descriptor of a folder, which is no link.</summary>
    public static int OpenFolder(int parent, byte[] name) => OpenAt(parent, name, FolderOnly | NoFollow | CloseOnExec);

    /// <summary>A descriptor of a folder, which is no link.</summary>
    public static int OpenFolder(string path) => Open(Bytes(path), FolderOnly | NoFollow | CloseOnExec);

    /// <summary>Gives the owner of a folder all rights, whatever rights it has taken from itself.</summary>
    public static void OpenUp(int parent, byte[] name)
    {
        var descriptor = OpenAt(parent, name, PathOnly | FolderOnly | NoFollow | CloseOnExec);
        if (descriptor < 0) return;
        _ = ChangeMode(Bytes($"/proc/self/fd/{descriptor}"), 0x1C0);
        _ = Close(descriptor);
    }

    /// <returns>0, or what was wrong.</returns>
    public static int RemoveFile(int parent, byte[] name) => UnlinkAt(parent, name, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <returns>0, or what was wrong.</returns>
    public static int RemoveFolder(int parent, byte[] name) => UnlinkAt(parent, name, RemoveFolderFlag) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <returns>0, or what was wrong.</returns>
    public static int Move(int from, byte[] name, int to, byte[] newName) => RenameAt(from, name, to, newName) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>The names in a folder, as the bytes they are: they need be no text.</summary>
    public static IEnumerable<byte[]> Names(int folder)
    {
        // The stream owns its descriptor: a second one of the same folder.
        var stream = OpenStream(OpenAt(folder, Bytes("."), FolderOnly | CloseOnExec));
        if (stream == 0) yield break;
        try
        {
            while (ReadEntry(stream) is not 0 and var entry)
            {
                var name = Name(entry + NameOffset);
                if (name is not ([(byte)'.', 0] or [(byte)'.', (byte)'.', 0])) yield return name;
            }
        }
        finally
        {
            _ = CloseStream(stream);
        }
    }

    /// <summary>Mounts a file system in memory.</summary>
    /// <returns>0, or what was wrong.</returns>
    public static int MountMemory(string folder, string options) =>
        Mount(Bytes("sandqueue"), Bytes(folder), Bytes("tmpfs"), NoSuidNoDevNoExec, Bytes(options)) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Takes away what is mounted at a folder, if anything is.</summary>
    public static void Unmount(string folder) => _ = Unmount(Bytes(folder), Detach | NoFollowUnmount);

    public static byte[] Bytes(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text), 0];

    private static byte[] Name(nint text)
    {
        var length = 0;
        while (Marshal.ReadByte(text, length) != 0) length++;
        var name = new byte[length + 1];
        Marshal.Copy(text, name, 0, length);
        return name;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenAt(int folder, byte[] path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "chmod")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeMode(byte[] path, uint mode);

    [DllImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int UnlinkAt(int folder, byte[] path, int flags);

    [DllImport("libc", EntryPoint = "renameat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameAt(int from, byte[] path, int to, byte[] newPath);

    [DllImport("libc", EntryPoint = "fdopendir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint OpenStream(int folder);

    [DllImport("libc", EntryPoint = "readdir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ReadEntry(nint stream);

    [DllImport("libc", EntryPoint = "closedir")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseStream(nint stream);

    [DllImport("libc", EntryPoint = "mount", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mount(byte[] source, byte[] target, byte[] type, ulong flags, byte[] options);

    [DllImport("libc", EntryPoint = "umount2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmount(byte[] target, int flags);
}
