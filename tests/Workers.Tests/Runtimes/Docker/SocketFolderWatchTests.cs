using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

public sealed class SocketFolderWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sq-").FullName;
    private readonly FakeTimeProvider _time = new();

    private SocketFolderWatch Watch => new(_folder, 256, _time);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_server_needs_is_not_too_much()
    {
        Watch.Excess().ShouldBeNull();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "environment.sock")));
        File.WriteAllBytes(Path.Combine(_folder, "lock"), new byte[256 << 10]);
        for (var count = 0; count < 62; count++) File.WriteAllText(Path.Combine(_folder, $"{count}"), "");
        Watch.Excess().ShouldBeNull();
    }

    [Fact]
    public void Bytes_are_counted_in_all_its_folders_and_holes_too()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_folder, "a", "b"));
        File.WriteAllBytes(Path.Combine(_folder, "one"), new byte[128 << 10]);
        using (var holes = File.Create(Path.Combine(deep.FullName, "two"))) holes.SetLength(129 << 10);
        Watch.Excess().ShouldBe("more than 256 kB");
    }

    [Fact]
    public void Files_and_folders_are_counted()
    {
        for (var count = 0; count < 65; count++) Directory.CreateDirectory(Path.Combine(_folder, $"{count}"));
        Watch.Excess().ShouldBe("more than 64 files");
    }

    [Fact]
    public void Links_are_not_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "root"), "/");
        File.CreateSymbolicLink(Path.Combine(_folder, "large"), typeof(SocketFolderWatch).Assembly.Location);
        File.CreateSymbolicLink(Path.Combine(_folder, "itself"), _folder);
        Watch.Excess().ShouldBeNull();
    }

    [Fact]
    public async Task It_looks_again_each_second_until_there_is_too_much()
    {
        var waiting = Watch.WaitAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        waiting.IsCompleted.ShouldBeFalse();

        File.WriteAllBytes(Path.Combine(_folder, "full"), new byte[300 << 10]);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBe("more than 256 kB");
    }
}
