using SandQueue.Testing.Docker;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>Each relaxation opens what it names, and nothing is open without it.</summary>
public sealed class RelaxationTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    [Theory]
    [InlineData("0", "uid=0 gid=0 groups=0")]
    [InlineData("1234:5678", "uid=1234 gid=5678 groups=5678")]
    [InlineData("image", "uid=65532 gid=65532 groups=65532")]
    public async Task User(string user, string seen)
    {
        var container = await RunAsync(new RelaxationOptions { User = user });

        (await InsideAsync(container, "$b id")).ShouldBe(seen);
    }

    [Fact]
    public async Task Root_without_capabilities_may_no_more_than_others()
    {
        var container = await RunAsync(new RelaxationOptions { User = "0" });

        (await InsideAsync(container, "$b grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | $b cut -f 2 | $b sort -u")).ShouldBe("0000000000000000");
        (await InsideAsync(container, "$b touch /new")).ShouldContain("Read-only file system");
    }

    [Fact]
    public async Task Writable_root()
    {
        var container = await RunAsync(new RelaxationOptions { User = "0", WritableRoot = true });

        (await InsideAsync(container, "$b touch /new && $b ls /new")).ShouldBe("/new");
    }

    [Fact]
    public async Task Capabilities()
    {
        var container = await RunAsync(new RelaxationOptions { User = "0", Capabilities = { "CHOWN" } });

        (await InsideAsync(container, "$b grep CapEff /proc/self/status")).ShouldEndWith("0000000000000001");
    }

    [Fact]
    public async Task New_privileges()
    {
        var container = await RunAsync(new RelaxationOptions { NewPrivileges = true });

        (await InsideAsync(container, "$b grep NoNewPrivs /proc/self/status")).ShouldEndWith("0");
    }

    [Fact]
    public async Task Executable_tmp()
    {
        var container = await RunAsync(new RelaxationOptions { ExecutableTmp = true });

        (await InsideAsync(container, $"$b cp {Toolbox.Mounted} /tmp/busybox && /tmp/busybox echo ran")).ShouldBe("ran");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_images_volume_is_in_memory_unless_its_root_is_writable(bool writable)
    {
        var image = await ImportAsync(["VOLUME /state", """CMD ["sleep", "600"]"""]);
        var options = new EnvironmentOptions
        {
            Image = image,
            Arguments = { "sleep", "600" },
            Mounts = { ToolboxMount() },
            Relaxations = new RelaxationOptions { WritableRoot = writable },
        };
        var container = await StartOnlyAsync(NewRuntime(), options, "foreign");

        (await InsideAsync(container.Id, "$b awk '$2 == \"/state\" { print $3 == \"tmpfs\" }' /proc/mounts")).ShouldBe(writable ? "0" : "1");
    }

    private async Task<string> RunAsync(RelaxationOptions relaxations) =>
        (await StartAsync(NewRuntime(), new EnvironmentOptions { Mounts = { ToolboxMount() }, Relaxations = relaxations })).Id;
}
