using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace SandQueue.Bench.WebShop;

/// <summary>The environment server as a worker starts it: a child process on a Unix socket, here on one core where <c>taskset</c> can say so.</summary>
internal sealed class ShopServer : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The whole catalogue loads in well under a minute on one core.</summary>
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ShopServer(Process process, string socket)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken), UseProxy = false })
        {
            BaseAddress = new Uri("http://environment"),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>Whether this machine can hold a process on one core.</summary>
    public static bool OnOneCore { get; } = File.Exists("/usr/bin/taskset");

    public HttpClient Http { get; }

    public static ShopServer Start(string program, string data)
    {
        var socket = Path.Combine(data, "e.sock");
        string[] command = [.. OnOneCore ? ["/usr/bin/taskset", "-c", "0"] : (ReadOnlySpan<string>)[], program, "--socket", socket, "--environment", "webshop", "--die-with-parent"];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment["SANDQUEUE_WEBSHOP_DATA"] = data;
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

        // As the worker sets it.
        start.Environment["DOTNET_GCConserveMemory"] = "5";
        return new ShopServer(Process.Start(start)!, socket);
    }

    /// <summary>Waits until it has loaded its data and answers.</summary>
    /// <exception cref="InvalidDataException">It ended instead.</exception>
    /// <exception cref="TimeoutException">It takes too long.</exception>
    public async Task AwaitHealthyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!await IsHealthyAsync(cancellationToken))
        {
            if (_process.HasExited) throw new InvalidDataException($"the environment server ended with {_process.ExitCode}: {await _errors}");
            if (time.GetElapsedTime(started) > LoadLimit) throw new TimeoutException($"the environment server did not answer within {LoadLimit.TotalMinutes:0} minutes");
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>What it has used of a core so far: on a machine that is busy otherwise, less than the time that went by.</summary>
    public double ProcessorSeconds => _process.TotalProcessorTime.TotalSeconds;

    /// <summary>A line of the kernel's status of the process, in MB of a million bytes: <c>VmRSS</c> now, <c>VmHWM</c> at its highest.</summary>
    public double Memory(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        var kilobytes = line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal);
        return Math.Round(long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 / 1e6);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }
        catch (TimeoutException)
        {
            // It reads its input only once it has loaded.
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }

        _process.Dispose();
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("healthz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It listens only once it has loaded.
            return false;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
