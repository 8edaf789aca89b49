using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Hosting;

/// <summary>The folder of the embedded mode: one process per folder, by a lock that ends with its process.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string Database => In(Path);

    /// <summary>The database of a folder that another process may use at the same time.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    public static string Find(string? configured)
    {
        var database = In(FullPath(configured));
        return File.Exists(database) ? database : throw new StartupException($"there is no journal at {database}; name its folder with --data");
    }

    /// <exception cref="StartupException">The folder cannot be used, or another process uses it.</exception>
    public static DataFolder Open(string? configured)
    {
        var path = FullPath(configured);
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            DataFolderRights.MakeFolder(path);
            var held = new FileStream(file, DataFolderRights.OfFile(FileMode.OpenOrCreate));
            DataFolderRights.CloseFiles(path, In(path), file);
            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartupException($"cannot write to the data folder {path}: {exception.Message} Choose another with --data");
        }
        catch (IOException exception) when (File.Exists(file))
        {
            throw new StartupException($"another SandQueue uses the data folder {path} ({exception.Message}) Stop it, or choose another folder with --data");
        }
        catch (IOException exception)
        {
            throw new StartupException($"cannot use the data folder {path}: {exception.Message} Choose another with --data");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string In(string folder) => System.IO.Path.Combine(folder, "sandqueue.db");

    private static string FullPath(string? configured) => System.IO.Path.GetFullPath(configured is { Length: > 0 } ? configured : Default());

    private static string Default()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return System.IO.Path.Combine(local.Length > 0 ? local : System.IO.Path.GetTempPath(), "sandqueue");
    }
}
