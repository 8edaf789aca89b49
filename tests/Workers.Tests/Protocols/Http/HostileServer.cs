using System.Net.Sockets;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Protocols.Http;

/// <summary>An environment server on a Unix socket that answers whatever the test says, HTTP or not; reached by the client that containers are reached by.</summary>
internal sealed class HostileServer : IContainer
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sq-");
    private readonly Socket _listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _exited = new();
    private readonly Func<HostileConnection, Task> _serve;
    private long _sent;
    private int _requests;

    /// <param name="answer">Answers one request. The connection is closed when it is through, unless it is told to go on.</param>
    public HostileServer(Func<HostileConnection, Task> answer)
    {
        _serve = answer;
        var path = Path.Combine(_folder.FullName, "environment.sock");
        _listening.Bind(new UnixDomainSocketEndPoint(path));
        _listening.Listen();
        Http = EnvironmentHttp.OverSocket(path);
        _ = AcceptAsync();
    }

    public string Id => "hostile";

    public string ImageDigest => "sha256:hostile";

    public HttpClient Http { get; }

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "";

    /// <summary>Bytes that the client has taken, or that wait for it in the kernel.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Requests that ask for something.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public async ValueTask DisposeAsync()
    {
        await _exited.CancelAsync();
        _listening.Dispose();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    internal void Asked() => Interlocked.Increment(ref _requests);

    internal void Took(int bytes) => Interlocked.Add(ref _sent, bytes);

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(new HostileConnection(this, new NetworkStream(await _listening.AcceptAsync(_exited.Token), ownsSocket: true)));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(HostileConnection connection)
    {
        try
        {
            using (connection)
            {
                do
                {
                    connection.GoesOn = false;
                    if (!await connection.ReadRequestAsync()) return;
                    await _serve(connection);
                }
                while (connection.GoesOn);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has hung up, or the test has ended.
        }
    }
}
