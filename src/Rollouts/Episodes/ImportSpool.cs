namespace SandQueue.Rollouts.Episodes;

/// <summary>A copy of a file on the disk, so that all of it is checked before any of it is stored. It has no name, and is gone with its process.</summary>
internal sealed class ImportSpool : IAsyncDisposable
{
    private const int BufferBytes = 1 << 17;

    private readonly FileStream _file;

    private ImportSpool(FileStream file) => _file = file;

    /// <summary>Copies a file.</summary>
    /// <param name="source">The file; its reader bounds its size.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="ImportRoomException">The disk has no room for it.</exception>
    public static async Task<ImportSpool> OfAsync(Stream source, CancellationToken cancellationToken)
    {
        var spool = new ImportSpool(Open());
        try
        {
            var buffer = new byte[BufferBytes];
            while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read) await spool.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    /// <summary>The copy, from its beginning.</summary>
    public Stream FromStart()
    {
        _file.Position = 0;
        return _file;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static FileStream Open()
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"sandqueue-import-{Guid.NewGuid():n}");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose, BufferSize = 0 };
            if (OperatingSystem.IsWindows()) return new FileStream(path, options);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            // Without a name it goes with the process, however that ends.
            File.Delete(path);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportRoomException($"no temporary file can be made: {exception.Message}", exception);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new ImportRoomException($"the temporary file cannot be written: {exception.Message}", exception);
        }
    }
}
