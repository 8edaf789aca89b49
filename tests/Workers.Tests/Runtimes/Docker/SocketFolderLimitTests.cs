using SandQueue.Testing;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>A worker in a container, as compose runs it, can mount nothing for the engine: all folders of sockets share one file system.</summary>
public sealed class SocketFolderLimitTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("$b dd if=/dev/zero of=full bs=1k count=10000", "more than 256 kB")]
    [InlineData("i=0; while [ $i -lt 1000 ]; do $b touch $i; i=$((i+1)); done", "more than 64 files")]
    [InlineData("n=$($b printf '%0200d' 0); i=0; while [ $i -lt 40 ]; do $b mkdir $n && cd $n; i=$((i+1)); done", "what cannot be listed")]
    public async Task Whoever_writes_more_than_it_may_is_ended_and_nobody_else(string script, string excess)
    {
        // Any container that sees the folder stands in for the worker's own.
        var worker = await StartAsync(NewRuntime(), new EnvironmentOptions { Mounts = { new MountOptions { Source = SocketFolder, Target = SocketFolder } } });
        var runtime = NewRuntime(Settings(workerContainer: worker.Id));
        var hostile = await StartAsync(runtime, new EnvironmentOptions { Mounts = { ToolboxMount() } });
        var other = await StartAsync(runtime, new EnvironmentOptions { Mounts = { ToolboxMount() } });
        await InsideAsync(other.Id, "cd /run/sandqueue; $b ln -s / root; $b dd if=/dev/zero of=little bs=1k count=100");
        var folders = Directory.GetDirectories(SocketFolder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Length;

        await InsideAsync(hostile.Id, $"cd /run/sandqueue; {script}");

        await Until.TrueAsync("it is ended", () => hostile.Exited.IsCancellationRequested, Limit);
        hostile.LastOutput.ShouldContain($"(its worker ended it: the folder of its socket held {excess}");
        await hostile.DisposeAsync();
        Directory.GetDirectories(SocketFolder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Length.ShouldBe(folders - 1);
        await Protocol.WaitUntilReadyAsync(other, Cancel).WaitAsync(Limit, Cancel);
    }
}
