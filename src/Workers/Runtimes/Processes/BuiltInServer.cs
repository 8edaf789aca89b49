using System.Security.Cryptography;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>Our own environment server's program. It ends when its standard input does.</summary>
internal sealed class BuiltInServer
{
    private readonly string _server;
    private readonly string _digest;

    /// <exception cref="ContainerException">It is not there.</exception>
    public BuiltInServer(string server)
    {
        _server = Path.GetFullPath(server, AppContext.BaseDirectory);
        if (!File.Exists(_server)) throw new ContainerException($"the environment server is not at {_server}; build the solution, or set ProcessRuntime:Server");

        // The program a person starts is a small launcher; what runs is the library beside it.
        var library = Path.GetExtension(_server) is ".exe" or ".dll" ? Path.ChangeExtension(_server, ".dll") : $"{_server}.dll";
        using var program = File.OpenRead(File.Exists(library) ? library : _server);
        _digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(program))}";
    }

    public ServerProgram For(string environment, EnvironmentOptions options, string socket)
    {
        var isLibrary = _server.EndsWith(".dll", StringComparison.Ordinal);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Many small servers share a laptop: they give memory back rather than keep it for speed.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_GCConserveMemory"] = "5",
        };
        ChildVariables.AddData(variables, environment, options);
        string[] arguments = [.. isLibrary ? (string[])[_server] : [], "--socket", socket, "--environment", environment, "--die-with-parent"];
        return new ServerProgram(isLibrary ? DotnetPath() : _server, arguments, variables, "", new ServerEndpoint(socket, Port: 0), _digest);
    }

    /// <summary>The runtime this process runs on, for a child that needs the same.</summary>
    private static string DotnetPath() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
