using System.Diagnostics;
using System.Text.Json;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Cli;

/// <summary>The built command line, started as a script starts it, against one gateway.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="key">Its API key; null for none.</param>
internal sealed class Sandqueue(Uri gateway, string? key = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Runs a command that has to exit with 0, and gives what it printed.</summary>
    public async Task<string[]> LinesAsync(params string[] words)
    {
        var (code, lines, errors) = await RunAsync(words);
        code.ShouldBe(0, $"{string.Join(' ', words)}: {string.Join('\n', lines)}{errors}");
        return lines;
    }

    /// <summary>The same, of which the last line is JSON.</summary>
    public async Task<JsonElement> JsonAsync(params string[] words) => JsonElement.Parse((await LinesAsync([.. words, "--json"]))[^1]);

    /// <summary>Runs a command that has to exit with another code, and gives the one line that it says on the error output.</summary>
    public async Task<string> RefusedAsync(int code, params string[] words)
    {
        var (exit, lines, errors) = await RunAsync(words);
        exit.ShouldBe(code, $"{string.Join(' ', words)}: {string.Join('\n', lines)}{errors}");
        return errors.TrimEnd('\n').Split('\n').ShouldHaveSingleItem().ShouldNotBeNull();
    }

    public Task<(int Code, string[] Lines, string Errors)> RunAsync(params string[] words) => WithInputAsync("", words);

    /// <summary>Runs a command that reads.</summary>
    public async Task<(int Code, string[] Lines, string Errors)> WithInputAsync(string input, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", BuiltProgram.Library("Cli"), .. words]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SANDQUEUE_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["SANDQUEUE_URL"] = gateway.ToString();
        if (key is not null) start.Environment["SANDQUEUE_KEY"] = key;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
