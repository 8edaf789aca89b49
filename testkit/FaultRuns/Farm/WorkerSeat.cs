using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Farm;

/// <summary>A place where a worker runs, with a line to the broker of its own. After a kill another worker takes the place.</summary>
internal sealed class WorkerSeat(int number, TcpProxy line, Func<string, FarmProgram> start, DirectoryInfo temporary) : IAsyncDisposable
{
    private readonly List<FarmProgram> _all = [];
    private int _started;

    public int Number => number;

    public TcpProxy Line => line;

    /// <summary>The worker that runs, or ran last.</summary>
    public FarmProgram Program => _all[^1];

    public bool IsStarted => _all.Count > 0;

    /// <summary>Every worker that ever ran here.</summary>
    public IReadOnlyList<FarmProgram> All => _all;

    /// <summary>Where the running worker's temporary files are, and so the sockets of its environment servers.</summary>
    public string Temporary { get; private set; } = "";

    /// <summary>A fault is at work here.</summary>
    public bool Busy { get; set; }

    public void Start()
    {
        Temporary = temporary.CreateSubdirectory($"w{number}-{++_started}").FullName;
        _all.Add(start(Temporary));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _all) await program.DisposeAsync();
        await line.DisposeAsync();
    }
}
