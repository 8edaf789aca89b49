using System.Net.Sockets;
using SandQueue.Testing;

namespace SandQueue.Bench.Compare.Programs;

/// <summary>The environment server itself, as a worker starts it, on a Unix socket.</summary>
internal sealed class EnvironmentProgram : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ChildProgram _program;

    private EnvironmentProgram(DirectoryInfo folder, ChildProgram program, string socket) => (_folder, _program, Address) = (folder, program, new UnixDomainSocketEndPoint(socket));

    public UnixDomainSocketEndPoint Address { get; }

    public int Id => _program.Id;

    public static async Task<EnvironmentProgram> StartAsync(string environment, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sqb-");
        var socket = Path.Combine(folder.FullName, "socket");
        var library = Path.Combine(Path.GetDirectoryName(BuiltProgram.Library("Workers"))!, "environment-server", "SandQueue.Environments.dll");

        // As a worker sets it for its servers.
        var variables = new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_GCConserveMemory"] = "5" };
        try
        {
            var program = await ChildProgram.StartAsync(library, ["--socket", socket, "--environment", environment, "--die-with-parent"], variables, () => ListensAsync(socket, cancellationToken));
            return new EnvironmentProgram(folder, program, socket);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _folder.RemoveAsync();
    }

    private static async Task<bool> ListensAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
