using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>Images that only speak TCP: an internal network each, and what can be reached from there.</summary>
public sealed class NetworkTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private const int Port = 8080;
    private readonly string _workerNetwork = $"sandqueue-test-{Guid.NewGuid():n}";

    [Fact]
    public async Task A_server_on_tcp_answers_in_a_network_of_its_own()
    {
        var container = await StartAsync(NewRuntime(), await TcpAsync(), "foreign");

        var description = await Protocol.DescribeAsync(container, "foreign", Cancel);

        description.Length.ShouldBeGreaterThan(0);
        var network = (await NetworksAsync()).ShouldHaveSingleItem();
        network.Name.ShouldBe(container.Id);
        network.Internal.ShouldBeTrue();
        (await ContainersAsync()).Single().NetworkSettings.Networks.Keys.ShouldBe([network.Name]);
    }

    [Fact]
    public async Task From_there_only_the_engines_machine_can_be_reached()
    {
        var container = await StartAsync(NewRuntime(), await TcpAsync(), "foreign");
        var other = await StartAsync(NewRuntime(), await TcpAsync(), "foreign");

        // What stays reachable: ports that the engine's machine has open on all its addresses, at the network's gateway.
        using var open = new TcpListener(IPAddress.Any, 0);
        open.Start();
        using var closed = new CancellationTokenSource();
        var answering = HangUpAsync(open, closed.Token);
        var gateway = (await Engine.Networks.InspectNetworkAsync(container.Id, Cancel)).IPAM.Config[0].Gateway;
        (await ReachesAsync(container, gateway, ((IPEndPoint)open.LocalEndpoint).Port)).ShouldBeTrue();

        // What does not: other containers, what is beyond the machine, and names.
        (await ReachesAsync(container, other.Http.BaseAddress!.Host, Port)).ShouldBeFalse();
        (await ReachesAsync(container, "1.1.1.1", 53)).ShouldBeFalse();
        (await ReachesAsync(container, "169.254.169.254", 80)).ShouldBeFalse();
        (await InsideAsync(container.Id, "$b timeout 5 $b nslookup example.com >/dev/null && $b echo found")).ShouldNotContain("found");
        await closed.CancelAsync();
        await answering;
    }

    [Fact]
    public async Task A_worker_in_a_container_joins_the_network_and_leaves_no_network_behind()
    {
        var worker = await StartToolboxAsync();
        var container = await StartAsync(NewRuntime(Settings(workerContainer: worker)), await TcpAsync(), "foreign");

        (await InsideAsync(worker, $"$b wget -q -O - {container.Http.BaseAddress}healthz")).ShouldBe("OK");
        await container.DisposeAsync();

        (await NetworksAsync()).Select(network => network.Name).ShouldBe([_workerNetwork]);
        (await Engine.Containers.InspectContainerAsync(worker, Cancel)).NetworkSettings.Networks.Keys.ShouldBe([_workerNetwork]);
        await RemoveToolboxAsync(worker);
    }

    [Fact]
    public async Task A_worker_in_a_container_shares_its_sockets_where_the_engine_sees_them()
    {
        // The folder as the engine sees it is another than the worker's own: here a link takes the place of a mount.
        var seen = Directory.CreateDirectory($"{SocketFolder}-seen");
        Directory.Delete(SocketFolder);
        Directory.CreateSymbolicLink(SocketFolder, seen.FullName);
        var worker = await StartToolboxAsync(new Mount { Type = "bind", Source = seen.FullName, Target = SocketFolder });

        await StartAsync(NewRuntime(Settings(workerContainer: worker)), new EnvironmentOptions());

        var mounts = (await ContainersAsync()).Single(container => container.Labels.ContainsKey("sandqueue.worker")).Mounts;
        mounts.Single(mount => mount.Destination == "/run/sandqueue").Source.ShouldStartWith($"{seen.FullName}/");
        await RemoveToolboxAsync(worker);
        Directory.Delete(SocketFolder);
        Directory.Move(seen.FullName, SocketFolder);
    }

    [Fact]
    public async Task A_worker_in_a_container_that_shares_no_folder_says_so()
    {
        var worker = await StartToolboxAsync();

        var failure = await Should.ThrowAsync<ContainerException>(NewRuntime(Settings(workerContainer: worker)).StartAsync("frozenlake", new EnvironmentOptions(), Cancel));

        failure.Message.ShouldContain("mount a volume at the folder DockerRuntime:SocketFolder names");
        await RemoveToolboxAsync(worker);
    }

    [Fact]
    public async Task Outbound_is_a_network_of_its_own_that_leads_out()
    {
        var container = await StartAsync(NewRuntime(), new EnvironmentOptions { Network = NetworkPolicy.Outbound, Mounts = { ToolboxMount() } });

        (await NetworksAsync()).ShouldHaveSingleItem().Internal.ShouldBeFalse();
        (await InsideAsync(container.Id, "$b ip route | $b grep -c default")).ShouldBe("1");
    }

    private async Task RemoveToolboxAsync(string worker)
    {
        await Engine.Containers.RemoveContainerAsync(worker, new ContainerRemoveParameters { Force = true }, Cancel);
        await Engine.Networks.DeleteNetworkAsync(_workerNetwork, Cancel);
    }

    /// <summary>Takes connections and ends them, so that the other side sees one.</summary>
    private static async Task HangUpAsync(TcpListener open, CancellationToken cancellationToken)
    {
        try
        {
            while (true) (await open.AcceptTcpClientAsync(cancellationToken)).Dispose();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<bool> ReachesAsync(IContainer container, string host, int port) =>
        await InsideAsync(container.Id, $"$b timeout 3 $b nc -w 2 {host} {port} </dev/null >/dev/null && $b echo reached") == "reached";

    private async Task<EnvironmentOptions> TcpAsync() => new()
    {
        Image = await ImportAsync(
            [$"""CMD ["httpd", "-f", "-p", "{Port}", "-h", "/www"]"""],
            ("/www/healthz", "OK"),
            ("/www/environments", """{"success":true,"data":[{"env_type":"foreign"}]}""")),
        Port = Port,
        Mounts = { ToolboxMount() },
    };

    /// <summary>A container that stands in for the worker's own.</summary>
    private async Task<string> StartToolboxAsync(params Mount[] mounts)
    {
        var image = await ImportAsync();
        var labels = new Dictionary<string, string> { ["sandqueue.farm"] = Farm };
        await Engine.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = _workerNetwork, Labels = labels }, Cancel);
        var created = await Engine.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Image = image,
                Cmd = ["sleep", "600"],
                HostConfig = new HostConfig { NetworkMode = _workerNetwork, Mounts = [.. mounts, new Mount { Type = "bind", Source = Toolbox.Require(), Target = Toolbox.Mounted }] },
            },
            Cancel);
        await Engine.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), Cancel);
        return created.ID;
    }
}
