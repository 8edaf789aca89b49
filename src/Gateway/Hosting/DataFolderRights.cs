using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Hosting;

/// <summary>
/// Keeps the data folder to its user: the journal has every word of every episode in it. SQLite gives the files beside its database
/// (<c>-wal</c>, <c>-shm</c>) the rights that the database has.
/// </summary>
internal static class DataFolderRights
{
    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, or takes everybody else's rights to it away.</summary>
    /// <exception cref="StartupException">It is a folder that many users share.</exception>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnFolder);
        var mode = File.GetUnixFileMode(path);
        if ((mode & UnixFileMode.StickyBit) != 0) throw new StartupException($"the data folder {path} is shared by the users of this machine; name a folder inside of it with --data");
        if (mode != OwnFolder) File.SetUnixFileMode(path, OwnFolder);
    }

    /// <summary>How a file in it is opened or made, without sharing.</summary>
    public static FileStreamOptions OfFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnFile;
        return options;
    }

    /// <summary>Closes files that are there to others, and makes the database before SQLite does, with wider rights.</summary>
    public static void CloseFiles(string folder, string database, string held)
    {
        if (OperatingSystem.IsWindows()) return;
        if (!File.Exists(database)) new FileStream(database, OfFile(FileMode.CreateNew)).Dispose();
        foreach (var file in Directory.EnumerateFiles(folder, $"{Path.GetFileName(database)}*").Append(held))
        {
            if (File.GetUnixFileMode(file) != OwnFile) File.SetUnixFileMode(file, OwnFile);
        }
    }
}
