namespace SandQueue.Workers.Abstractions;

/// <summary>One running environment server. Disposing it ends it and removes what it leaves.</summary>
internal interface IContainer : IAsyncDisposable
{
    string Id { get; }

    /// <summary>What it runs, a digest: a recovery must use the same.</summary>
    string ImageDigest { get; }

    /// <summary>Reaches the server over kept-alive connections. Has no timeout: every call brings its own.</summary>
    HttpClient Http { get; }

    /// <summary>Makes a connection to the server for what is no HTTP; null where there is no way to it. It throws what sockets throw.</summary>
    Func<CancellationToken, ValueTask<Stream>>? Connect => null;

    /// <summary>Cancelled when it has exited, for whatever reason.</summary>
    CancellationToken Exited { get; }

    /// <summary>The last lines it printed, for error messages.</summary>
    string LastOutput { get; }

    /// <summary>Bytes of memory it uses now, or null where that is unknown.</summary>
    ValueTask<long?> MeasureMemoryAsync(CancellationToken cancellationToken) => ValueTask.FromResult<long?>(null);

    /// <summary>Reads the files below a folder of its file system, each by its path in the folder.</summary>
    /// <param name="folder">A full path.</param>
    /// <param name="mostBytes">What they may be together.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Null where there is no such folder.</returns>
    /// <exception cref="ContainerException">They are too large, there is something else than files and folders, or this container's files cannot be reached.</exception>
    Task<IReadOnlyDictionary<string, byte[]>?> ReadFolderAsync(string folder, long mostBytes, CancellationToken cancellationToken) => throw new ContainerException(NoFiles);

    /// <summary>Puts files into a folder of its file system, which is made where it is missing.</summary>
    /// <exception cref="ContainerException">The folder cannot be written, or this container's files cannot be reached.</exception>
    Task WriteFolderAsync(string folder, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken) => throw new ContainerException(NoFiles);

    private const string NoFiles = "the files of this container cannot be reached; only a container of an engine has files of its own";
}
