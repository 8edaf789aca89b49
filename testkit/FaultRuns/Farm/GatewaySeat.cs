using System.Globalization;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Farm;

/// <summary>An address where a gateway listens; after a kill another one listens there.</summary>
internal sealed class GatewaySeat(int port, Func<FarmProgram> start) : IAsyncDisposable
{
    private readonly List<FarmProgram> _all = [];

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    public FarmProgram Program => _all[^1];

    public IReadOnlyList<FarmProgram> All => _all;

    /// <summary>A fault is at work here.</summary>
    public bool Busy { get; set; }

    public void Start() => _all.Add(start());

    public async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Address, "healthz"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _all) await program.DisposeAsync();
    }
}
