using System.Diagnostics;
using System.Text.Json;
using SandQueue.Testing;

namespace SandQueue.Bench.Compare.Programs;

/// <summary>A program of .NET that runs until its standard input ends, and so ends with this one however that does.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private ChildProgram(Process process) => _process = process;

    public int Id => _process.Id;

    /// <param name="library">What is run.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Variables besides this process's own.</param>
    /// <param name="isUp">Whether it can be used.</param>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    /// <exception cref="TimeoutException">It is not up in time.</exception>
    public static async Task<ChildProgram> StartAsync(string library, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, Func<Task<bool>> isUp)
    {
        if (!File.Exists(library)) throw new InvalidOperationException($"{library} is not there; build bench, which builds it too");
        var start = new ProcessStartInfo(Dotnet, ["exec", library, .. arguments]) { UseShellExecute = false, RedirectStandardInput = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var program = new ChildProgram(Process.Start(start)!);
        try
        {
            await Until.TrueAsync($"{Path.GetFileName(library)} is up", () => program._process.HasExited ? throw new InvalidOperationException($"{Path.GetFileName(library)} ended at its start, with {program._process.ExitCode}") : isUp(), StartLimit);
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
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }

        _process.Dispose();
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host
        ? host
        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(JsonElement).Assembly.Location)!, "..", "..", "..", "dotnet"));
}
