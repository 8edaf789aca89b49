using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Farm;

/// <summary>A place where a worker runs, with lines to the broker and to the database of its own. After a kill another worker takes the place.</summary>
internal sealed class WorkerSeat(int number, TcpProxy brokerLine, TcpProxy databaseLine, string? role, Func<string, FarmProgram> start, DirectoryInfo temporary) : IAsyncDisposable
{
    private readonly List<FarmProgram> _all = [];
    private int _started;

    public int Number => number;

    public TcpProxy BrokerLine => brokerLine;

    public TcpProxy DatabaseLine => databaseLine;

    /// <summary>The role its workers log in to the database with; null where all programs share one.</summary>
    public string? Role => role;

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
        await brokerLine.DisposeAsync();
        await databaseLine.DisposeAsync();
    }
}
