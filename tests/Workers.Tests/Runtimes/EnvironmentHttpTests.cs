using System.Net.Sockets;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Runtimes;

/// <summary>A server can put anything where its socket should be.</summary>
public sealed class EnvironmentHttpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sq-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(_folder, "environment.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_socket_is_connected_to()
    {
        using var server = Listen(SocketPath);
        (await AskAsync()).ShouldBe("mine");
    }

    [Theory]
    [InlineData("other.sock")]
    [InlineData("/absolute")]
    public async Task A_link_is_not_followed_to_another_socket(string target)
    {
        using var other = Listen(Path.Combine(_folder, "other.sock"));
        File.CreateSymbolicLink(SocketPath, target == "/absolute" ? Path.Combine(_folder, "other.sock") : target);

        await Should.ThrowAsync<HttpRequestException>(AskAsync);
    }

    [Fact]
    public async Task Neither_a_file_nor_a_folder_nor_nothing_is_a_socket()
    {
        await Should.ThrowAsync<HttpRequestException>(AskAsync);
        await File.WriteAllTextAsync(SocketPath, "x", Cancel);
        await Should.ThrowAsync<HttpRequestException>(AskAsync);
        File.Delete(SocketPath);
        Directory.CreateDirectory(SocketPath);
        await Should.ThrowAsync<HttpRequestException>(AskAsync);
    }

    /// <summary>What <c>ContainerCall</c> knows a server by that has ended.</summary>
    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_a_connection_error()
    {
        var aside = Path.Combine(_folder, "aside");
        using (Listen(SocketPath)) File.Move(SocketPath, aside);
        File.Move(aside, SocketPath);
        (await Should.ThrowAsync<HttpRequestException>(AskAsync)).HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);

        File.Delete(SocketPath);
        (await Should.ThrowAsync<HttpRequestException>(AskAsync)).HttpRequestError.ShouldBe(HttpRequestError.ConnectionError);
    }

    private async Task<string> AskAsync()
    {
        using var client = EnvironmentHttp.OverSocket(SocketPath);
        return await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        _ = AnswerAsync(socket);
        return socket;
    }

    private static async Task AnswerAsync(Socket listening)
    {
        try
        {
            using var caller = await listening.AcceptAsync();
            await caller.ReceiveAsync(new byte[1024]);
            await caller.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmine"u8.ToArray());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test has ended.
        }
    }
}
