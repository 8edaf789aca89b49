using System.Security.Cryptography;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>Our own environment server's program. It ends when its standard input does.</summary>
internal sealed class BuiltInServer
{
    private readonly string _server;
    private readonly IReadOnlyList<string> _program;

    /// <exception cref="ContainerException">It is not there.</exception>
    public BuiltInServer(string server)
    {
        _server = Path.GetFullPath(server, AppContext.BaseDirectory);
        if (!File.Exists(_server)) throw new ContainerException($"the environment server is not at {_server}; build the solution, or set ProcessRuntime:Server");

        // The program a person starts is a small launcher; what runs is the library beside it.
        var library = Path.GetExtension(_server) is ".exe" or ".dll" ? Path.ChangeExtension(_server, ".dll") : $"{_server}.dll";
        _program = [File.Exists(library) ? library : _server, .. LibrariesOf(library, "SandQueue.*.dll")];
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
        string[] arguments = [.. isLibrary ? (string[])[_server] : [], "--socket", socket, "--environment", environment, .. Loaded(options), "--die-with-parent"];
        return new ServerProgram(isLibrary ? DotnetPath() : _server, arguments, variables, "", new ServerEndpoint(socket, Port: 0), Digest(options));
    }

    private static string[] Loaded(EnvironmentOptions options) => options.Assembly is not { Length: > 0 } assembly
        ? []
        : ["--assembly", Path.GetFullPath(assembly), .. options.Class is { Length: > 0 } name ? (string[])["--class", name] : []];

    /// <summary>Of our program, and of the assembly it loads with all that lies beside that: an author builds anew while the worker runs.</summary>
    private string Digest(EnvironmentOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in options.Assembly is { Length: > 0 } assembly ? [.. _program, assembly, .. LibrariesOf(assembly, "*.dll")] : _program) Append(hash, file);
        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static void Append(IncrementalHash hash, string file)
    {
        using var content = File.OpenRead(file);
        var buffer = new byte[64 * 1024];
        while (content.Read(buffer) is > 0 and var read) hash.AppendData(buffer.AsSpan(0, read));
    }

    /// <summary>The other libraries of an assembly's folder, in the order of their names.</summary>
    private static IEnumerable<string> LibrariesOf(string assembly, string pattern) => Directory
        .EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(assembly))!, pattern)
        .Where(file => file != Path.GetFullPath(assembly))
        .Order(StringComparer.Ordinal);

    /// <summary>The runtime this process runs on, for a child that needs the same.</summary>
    private static string DotnetPath() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
