using SandQueue.Bench.Farm;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Bench.Compare.Programs;

/// <summary>SandQueue in one process, as it starts with one command, with a data folder of its own.</summary>
internal sealed class EmbeddedProgram : IAsyncDisposable
{
    /// <summary>Its last line once it is up.</summary>
    private const string Up = " ends it.";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqb-");
    private readonly FarmProgram _program;

    private EmbeddedProgram(string environment, IReadOnlyDictionary<string, string>? more, string? published)
    {
        Port = FreePort.Take();
        var settings = BenchFarm.Serving(environment);
        settings["Gateway:Listen"] = $"127.0.0.1:{Port}";
        settings["Gateway:DataFolder"] = Path.Combine(_folder.FullName, "data");
        foreach (var (name, value) in more ?? new Dictionary<string, string>()) settings[name] = value;
        _program = FarmProgram.Start("Gateway", settings, _folder.FullName, published);
    }

    public int Port { get; }

    public int Id => _program.ProcessId;

    /// <param name="environment">The one that it serves.</param>
    /// <param name="more">Settings besides.</param>
    /// <param name="published">The folder with the published program; null for the one that was built here.</param>
    public static async Task<EmbeddedProgram> StartAsync(string environment, IReadOnlyDictionary<string, string>? more = null, string? published = null)
    {
        var program = new EmbeddedProgram(environment, more, published);
        try
        {
            await Until.TrueAsync("SandQueue is up", program.IsUp, StartLimit, () => program._program.LastOutput);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited) await _program.SignalAsync("TERM");
        try
        {
            await _program.ExitCodeAsync(ExitLimit);
        }
        catch (TimeoutException)
        {
            // Disposing it ends it all the same.
        }

        await _program.DisposeAsync();
        await _folder.RemoveAsync();
    }

    private bool IsUp() => !_program.HasExited ? _program.Output.Any(line => line.Contains(Up, StringComparison.Ordinal)) : throw new InvalidOperationException($"SandQueue ended at its start: {_program.LastOutput}");
}
