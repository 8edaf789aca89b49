using System.Text;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>Files that leave a container and come into another.</summary>
public sealed class ContainerFilesTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private const long Most = 1 << 20;

    [Fact]
    public async Task What_a_container_wrote_is_read_and_put_into_another()
    {
        var (first, second) = (await StartAsync(writable: true), await StartAsync(writable: true));
        (await InsideAsync(first.Id, "$b mkdir -p /a/b/c && $b printf one > /a/b/1 && $b printf '' > /a/b/c/2 && $b echo done")).ShouldBe("done");

        var files = (await first.ReadFolderAsync("/a/b", Most, Cancel)).ShouldNotBeNull();
        await second.WriteFolderAsync("/d/e", files, Cancel);

        Texts(files).ShouldBe(["1: one", "c/2: "]);
        (await InsideAsync(second.Id, "$b cat /d/e/1 && $b ls /d/e /d/e/c | $b tr '\\n' ' '")).ShouldBe("one/d/e: 1 c  /d/e/c: 2");
        Texts((await second.ReadFolderAsync("/d/e", Most, Cancel))!).ShouldBe(Texts(files));
    }

    [Theory]
    [InlineData("-s /etc/passwd")]
    [InlineData("/a/1")]
    public async Task A_folder_with_a_link_is_not_read(string link)
    {
        var container = await StartAsync(writable: true);
        (await InsideAsync(container.Id, $"$b mkdir /a && $b printf one > /a/1 && $b ln {link} /a/2 && $b echo done")).ShouldBe("done");
        (await Should.ThrowAsync<ContainerException>(() => container.ReadFolderAsync("/a", Most, Cancel))).Message.ShouldContain("Link");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_none()
    {
        var container = await StartAsync(writable: true);
        (await container.ReadFolderAsync("/not/there", Most, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task More_than_is_allowed_is_not_read()
    {
        var container = await StartAsync(writable: true);
        await container.WriteFolderAsync("/big", new Dictionary<string, byte[]> { ["1"] = new byte[Most / 2], ["2"] = new byte[Most / 2] }, Cancel);
        (await Should.ThrowAsync<ContainerException>(() => container.ReadFolderAsync("/big", Most, Cancel))).Message.ShouldContain("more than 1 MB");
    }

    [Fact]
    public async Task A_read_only_root_takes_nothing()
    {
        var container = await StartAsync(writable: false);
        var refused = await Should.ThrowAsync<ContainerException>(() => container.WriteFolderAsync("/a", new Dictionary<string, byte[]> { ["1"] = [1] }, Cancel));
        refused.Message.ShouldContain("read-only");
    }

    private static IEnumerable<string> Texts(IReadOnlyDictionary<string, byte[]> files) =>
        files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}: {Encoding.UTF8.GetString(file.Value)}");

    private async Task<IContainer> StartAsync(bool writable)
    {
        var options = new EnvironmentOptions { Mounts = [ToolboxMount()], Relaxations = new RelaxationOptions { User = "0", WritableRoot = writable } };
        return await StartAsync(NewRuntime(), options);
    }
}
