using System.Globalization;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>What a container with default settings may, looked at from inside of it.</summary>
public sealed class HardeningTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private IContainer? _container;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _container = await StartAsync(NewRuntime(), new EnvironmentOptions { Mounts = { ToolboxMount() } });
    }

    [Fact]
    public async Task Its_user_has_no_rights_and_cannot_gain_any()
    {
        var status = await InsideAsync("$b id; $b grep -E '^(Uid|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status");

        var user = Environment.IsPrivilegedProcess ? "65532" : await IdAsync();
        status.Split('\n').Select(line => line.Replace('\t', ' ')).ShouldBe(
        [
            $"uid={user} gid={user} groups={user}",
            $"Uid: {user} {user} {user} {user}",
            "CapInh: 0000000000000000",
            "CapPrm: 0000000000000000",
            "CapEff: 0000000000000000",
            "CapBnd: 0000000000000000",
            "CapAmb: 0000000000000000",
            "NoNewPrivs: 1",
            "Seccomp: 2",
        ]);
    }

    [Fact]
    public async Task The_server_itself_has_none_either()
    {
        var status = await InsideAsync("for p in /proc/[0-9]*; do $b grep -E '^(CapEff|CapBnd|NoNewPrivs):' $p/status; done | $b sort -u");

        status.Split('\n').Select(line => line.Replace('\t', ' ')).ShouldBe(["CapBnd: 0000000000000000", "CapEff: 0000000000000000", "NoNewPrivs: 1"]);
    }

    [Fact]
    public async Task It_has_no_network_but_itself()
    {
        (await InsideAsync("$b ls /sys/class/net")).ShouldBe("lo");
        (await InsideAsync("$b ip route")).ShouldBe("");
        (await InsideAsync("$b timeout 5 $b nc 1.1.1.1 53 </dev/null")).ShouldContain("Network is unreachable");
        (await InsideAsync("$b timeout 5 $b wget -q -O - http://example.com/")).ShouldContain("bad address");
    }

    [Fact]
    public async Task It_can_write_to_memory_only()
    {
        var writable = await InsideAsync(
            "for f in $($b find / -xdev -type d) $($b awk '{print $2}' /proc/mounts); do $b test -d $f && $b touch $f/new 2>/dev/null && $b echo $f; done | $b sort -u");

        writable.Split('\n').ShouldBe(["/dev/mqueue", "/dev/shm", "/run/sandqueue", "/tmp"]);
        foreach (var folder in writable.Split('\n')) (await InsideAsync($"$b awk '$2 == \"{folder}\" {{ print $3 }}' /proc/mounts")).ShouldBeOneOf("tmpfs", "mqueue");
        (await InsideAsync("$b touch /new")).ShouldBe("touch: /new: Read-only file system");
    }

    [Fact]
    public async Task What_it_writes_cannot_be_run_and_has_a_limit()
    {
        (await InsideAsync($"$b cp {Toolbox.Mounted} /tmp/busybox; /tmp/busybox true")).ShouldContain("Permission denied");
        (await InsideAsync("$b rm /tmp/busybox; $b dd if=/dev/zero of=/tmp/full bs=1M count=100")).ShouldContain("No space left on device");
        (await InsideAsync("$b stat -c %s /tmp/full")).ShouldBe($"{64 << 20}");
        (await InsideAsync("$b grep ' /tmp ' /proc/mounts")).ShouldContain("rw,nosuid,nodev,noexec");
    }

    [Fact]
    public async Task The_folder_of_its_socket_has_a_limit_of_its_own()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a file system needs root");
        (await InsideAsync("$b dd if=/dev/zero of=/run/sandqueue/full bs=1k count=10000")).ShouldContain("No space left on device");
        (await InsideAsync("$b stat -c %s /run/sandqueue/full")).ShouldBe($"{256 << 10}");
        (await InsideAsync("$b rm /run/sandqueue/full; i=0; while [ $i -lt 100 ]; do $b touch /run/sandqueue/$i || break; i=$((i+1)); done")).ShouldContain("No space left on device");
        (await InsideAsync("$b grep ' /run/sandqueue ' /proc/mounts")).ShouldContain("nosuid,nodev,noexec");
    }

    [Fact]
    public async Task A_link_in_the_place_of_its_socket_leads_nowhere()
    {
        await using var other = await StartAsync(NewRuntime(), new EnvironmentOptions());
        var path = Directory.GetFiles(SocketFolder, "environment.sock", SearchOption.AllDirectories).First();
        foreach (var target in (string[])["/var/run/docker.sock", path, "real.sock"])
        {
            await InsideAsync($"cd /run/sandqueue; $b test -e real.sock || $b mv environment.sock real.sock; $b ln -sf {target} environment.sock");
            using var fresh = EnvironmentHttp.OverSocket(Directory.GetFiles(SocketFolder, "real.sock", SearchOption.AllDirectories).Single().Replace("real.sock", "environment.sock", StringComparison.Ordinal));
            await Should.ThrowAsync<HttpRequestException>(() => fresh.GetAsync(new Uri("/healthz", UriKind.Relative), Cancel));
        }
    }

    [Fact]
    public async Task It_sees_no_other_processes_no_devices_and_no_socket_of_the_engine()
    {
        (await InsideAsync("$b ps -o pid= | $b head -1")).ShouldBe("1");
        (await InsideAsync("$b find /dev -type b")).ShouldBe("");
        (await InsideAsync("$b find /run /var -type s 2>/dev/null")).ShouldBe("/run/sandqueue/environment.sock");
        (await InsideAsync("$b mount -t tmpfs none /tmp")).ShouldContain("permission denied");
        (await InsideAsync("$b chroot / true")).ShouldContain("Operation not permitted");
        (await InsideAsync("$b hostname")).ShouldBe("environment");
    }

    [Fact]
    public async Task It_knows_no_variable_of_its_worker()
    {
        Environment.SetEnvironmentVariable("HF_TOKEN", "secret");
        try
        {
            await using var container = await StartAsync(NewRuntime(), new EnvironmentOptions { Mounts = { ToolboxMount() }, Variables = { ["NAMED"] = "1" } });

            var names = await InsideAsync(container.Id, "for p in /proc/[0-9]*; do $b tr '\\0' '\\n' <$p/environ; done | $b sed 's/=.*//' | $b sort -u");

            // The shell that looks gives its own to what it starts.
            names.Split('\n').Except(["PWD", "OLDPWD", "SHLVL"]).ShouldBe(["DOTNET_GCConserveMemory", "HOME", "HOSTNAME", "NAMED", "PATH"], ignoreOrder: true);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_TOKEN", null);
        }
    }

    [Fact]
    public async Task Memory_processors_and_processes_are_limited()
    {
        var seen = await Engine.Containers.InspectContainerAsync(_container!.Id, Cancel);

        seen.HostConfig.Memory.ShouldBe(1L << 30);
        seen.HostConfig.MemorySwap.ShouldBe(1L << 30);
        seen.HostConfig.NanoCPUs.ShouldBe(1_000_000_000);
        (await InsideAsync("$b cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null")).ShouldBe((1L << 30).ToString(CultureInfo.InvariantCulture));
        (await InsideAsync("$b cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null")).ShouldBe("256");
        (await InsideAsync("ulimit -c")).ShouldBe("0");
        (await InsideAsync("i=0; while [ $i -lt 300 ]; do $b sleep 5 & i=$((i+1)); done")).ShouldContain("can't fork");
    }

    private static async Task<string> IdAsync() => (await File.ReadAllLinesAsync("/proc/self/status", Cancel)).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    private Task<string> InsideAsync(string script) => InsideAsync(_container!.Id, script);
}
