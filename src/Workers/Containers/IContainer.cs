namespace SandQueue.Workers.Containers;

/// <summary>One running environment server. Disposing it ends it and removes what it leaves.</summary>
public interface IContainer : IAsyncDisposable
{
    string Id { get; }

    /// <summary>What it runs, a digest: a recovery must use the same.</summary>
    string ImageDigest { get; }

    /// <summary>Reaches the server over kept-alive connections. Has no timeout: every call brings its own.</summary>
    HttpClient Http { get; }

    /// <summary>Cancelled when it has exited, for whatever reason.</summary>
    CancellationToken Exited { get; }

    /// <summary>The last lines it printed, for error messages.</summary>
    string LastOutput { get; }

    /// <summary>Bytes of memory it uses now, or null where that is unknown.</summary>
    ValueTask<long?> MeasureMemoryAsync(CancellationToken cancel) => ValueTask.FromResult<long?>(null);
}
