using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

/// <summary>A server of AppWorld's shape that runs real Python, with a folder of its own for a file system.</summary>
internal sealed class PythonContainer : IContainer
{
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _exited = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sandqueue-world-");
    private readonly Process _process;
    private int _disposed;

    private PythonContainer(string digest, string[] flaws)
    {
        ImageDigest = digest;
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "appworld_server.py"), "0", _root.FullName + Outputs, .. flaws]) start.ArgumentList.Add(argument);
        start.Environment.Remove("PYTHONHASHSEED");
        _process = Process.Start(start)!;
        _ = WatchAsync();
        try
        {
            var port = int.Parse(_process.StandardOutput.ReadLineAsync().WaitAsync(Limit).GetAwaiter().GetResult()!, CultureInfo.InvariantCulture);
            Http = EnvironmentHttp.OverTcp("127.0.0.1", port);
        }
        catch
        {
            _process.Kill();
            _root.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Where the server keeps what episodes leave, as it sees it.</summary>
    public const string Outputs = "/experiments/outputs";

    public string Id { get; } = $"python-{Guid.NewGuid():n}";

    public string ImageDigest { get; }

    public HttpClient Http { get; }

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "";

    public static PythonContainer Start(string digest, params string[] flaws)
    {
        Assert.SkipUnless(File.Exists(Python), $"needs Python at {Python}");
        return new PythonContainer(digest, flaws);
    }

    /// <summary>The code it was given to run, in order.</summary>
    public async Task<IReadOnlyList<string>> ExecutedAsync(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<string[]>(await Http.GetStringAsync(new Uri("/executed", UriKind.Relative), cancellationToken))!;

    public Task<IReadOnlyDictionary<string, byte[]>?> ReadFolderAsync(string folder, long mostBytes, CancellationToken cancellationToken)
    {
        var at = new DirectoryInfo(_root.FullName + folder);
        var files = at.Exists
            ? at.EnumerateFiles("*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(at.FullName, file.FullName), file => File.ReadAllBytes(file.FullName))
            : null;
        return Task.FromResult<IReadOnlyDictionary<string, byte[]>?>(files);
    }

    /// <summary>A checkpoint was brought into it.</summary>
    public bool IsLoading { get; private set; }

    public async Task WriteFolderAsync(string folder, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken)
    {
        foreach (var (path, content) in files)
        {
            var file = new FileInfo(Path.Combine(_root.FullName + folder, path));
            file.Directory!.Create();
            await File.WriteAllBytesAsync(file.FullName, content, cancellationToken);
        }

        IsLoading = true;
    }

    /// <summary>Ends it as a crash does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _exited.CancelAsync();
        _process.Dispose();
        Http.Dispose();
        _root.Delete(recursive: true);
    }

    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync();
        await _exited.CancelAsync();
    }
}
