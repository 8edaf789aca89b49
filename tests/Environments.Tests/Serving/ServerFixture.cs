using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Serving;
using SandQueue.Frames;

namespace SandQueue.Environments.Tests.Serving;

/// <summary>The environment server in this process, on a Unix socket, with the faulty environments and two others.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-server-");
    private EnvironmentServer? _server;

    public HttpClient Http { get; private set; } = null!;

    private string SocketPath => Path.Combine(_folder.FullName, "e.sock");

    public async ValueTask InitializeAsync()
    {
        var socket = SocketPath;
        _server = EnvironmentServer.Build(ServerOptions.Parse(
            ["--socket", socket, "--environment", "faulty", "--environment", "faulty_evaluate", "--environment", "countdown", "--environment", "frozenlake"]));
        // Runs until its process ends, which here is the end of the tests.
        _ = _server.RunAsync();
        Http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancel) => ConnectAsync(socket, cancel) }) { BaseAddress = new Uri("http://environment") };
        while (!File.Exists(socket)) await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <returns>The status, and the body as it came.</returns>
    public async Task<(int Status, string Body)> PostAsync(string path, string body, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await Http.PostAsync(new Uri(path, UriKind.Relative), content, cancel);
        return ((int)response.StatusCode, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancel)));
    }

    /// <summary>Posts what has to go well.</summary>
    /// <returns>The answer's data.</returns>
    public async Task<JsonElement> CallAsync(string path, string body, CancellationToken cancel)
    {
        var (status, answer) = await PostAsync(path, body, cancel);
        status.ShouldBe(200, answer);
        var json = JsonElement.Parse(Encoding.UTF8.GetBytes(answer));
        json.GetProperty("success").GetBoolean().ShouldBeTrue();
        return json.GetProperty("data");
    }

    /// <summary>A connection for frames.</summary>
    public async Task<FrameClient> OpenAsync(CancellationToken cancel) => await FrameClient.OpenAsync(await ConnectAsync(SocketPath, cancel), 100 << 20, cancel);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
