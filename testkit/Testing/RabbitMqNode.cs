using System.Diagnostics;
using System.Globalization;

namespace SandQueue.Testing;

/// <summary>One node of a broker: its ports, its name, and its process. All nodes share a folder, and so the secret by which they know each other.</summary>
internal sealed class RabbitMqNode
{
    /// <summary>AMQP, management, distribution, AMQP over TLS.</summary>
    private const int PortCount = 4;

    private readonly ServerAccount _account;
    private readonly string _folder;
    private readonly int[] _ports = FreePort.Take(PortCount);
    private readonly string _portMapper;
    private ServerProcess? _process;

    public RabbitMqNode(ServerAccount account, string folder, int portMapper)
    {
        (_account, _folder, _portMapper) = (account, folder, portMapper.ToString(CultureInfo.InvariantCulture));
        Name = $"sandqueue-{Guid.NewGuid():n}@localhost";
    }

    public string Name { get; }

    public Uri Address => new($"amqp://guest:guest@127.0.0.1:{_ports[0]}");

    public Uri Management => new($"http://127.0.0.1:{_ports[1]}");

    public Uri TlsAddress => new($"amqps://guest:guest@127.0.0.1:{_ports[3]}");

    public string LastOutput => _process?.LastOutput ?? "it does not run";

    private string Settings => Path.Combine(_folder, Name[..^"@localhost".Length]);

    /// <summary>Not the wrapper on Debian's path: that one insists on accounts and folders of its own.</summary>
    public static string? Program()
    {
        string[] folders = ["/usr/lib/rabbitmq/bin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        return folders.Select(folder => Path.Combine(folder, "rabbitmq-server")).FirstOrDefault(File.Exists);
    }

    /// <summary>Writes its settings: before it starts for the first time.</summary>
    /// <param name="cluster">All nodes of its cluster, itself among them; empty where it is alone.</param>
    public async Task ConfigureAsync(IReadOnlyList<RabbitMqNode> cluster)
    {
        var others = string.Join(Environment.NewLine, cluster.Select((node, index) => $"cluster_formation.classic_config.nodes.{index + 1} = {node.Name}"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "plugins"), "[rabbitmq_management].\n");
        await File.WriteAllTextAsync($"{Settings}.conf", $"""
            listeners.tcp.default = 127.0.0.1:{_ports[0]}
            listeners.ssl.default = 127.0.0.1:{_ports[3]}
            ssl_options.certfile = {Path.Combine(_folder, "server.pem")}
            ssl_options.keyfile = {Path.Combine(_folder, "server.key")}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_ports[1]}
            {(cluster.Count == 0 ? "" : "cluster_formation.peer_discovery_backend = classic_config")}
            {others}

            """);
    }

    /// <summary>Starts it where it does not run.</summary>
    public void Start() => _process ??= ServerProcess.Start(_account.Wrap(Program()!), Variables(), "TERM", Path.Combine(_folder, "output"));

    /// <summary>Stops it in order; what is durable stays.</summary>
    public async Task StopAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGKILL: it has no time to say anything to anybody.</summary>
    public async Task KillAsync()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                var words = (await File.ReadAllTextAsync(Path.Combine(folder, "cmdline"))).Split('\0');
                if (!Path.GetFileName(words[0]).StartsWith("beam", StringComparison.Ordinal) || !words.Contains(Name)) continue;
                using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
                process.Kill();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It ended between two looks.
            }
        }

        await StopAsync();
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = _folder,
        ["RABBITMQ_NODENAME"] = Name,
        ["RABBITMQ_DIST_PORT"] = _ports[2].ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_PORT"] = _portMapper,
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
        ["RABBITMQ_CONFIG_FILE"] = Settings,
        // Two busy-waiting schedulers of its own would take the processors from what is tested.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none",
    };
}
