using System.Net;
using System.Net.WebSockets;
using System.Text;
using SandQueue.Contracts;
using SandQueue.Gateway.OpenEnv.Sockets;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.Gateway.Tests.OpenEnv;

/// <summary>Who may connect, how often and for how long, and what ends with a connection.</summary>
public sealed class ConnectionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly SocketLimits Usual = new(50, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15));

    [Fact]
    public async Task A_key_is_taken_where_clients_can_send_one()
    {
        await using var server = await StartedAsync();
        foreach (var (path, header) in ((string, string?)[])[
            ("/openenv/lake/ws", "Bearer key-one"),
            ("/openenv/lake/ws", $"Basic {Convert.ToBase64String("key:key-one"u8)}"),
            ("/openenv/lake/ws?api_key=key-one", null),
            ("//openenv/lake/ws?api_key=key-one", null)])
        {
            (await HandshakeAsync(server, path, header)).ShouldBe(HttpStatusCode.SwitchingProtocols, path);
        }

        foreach (var (path, header) in ((string, string?)[])[
            ("/openenv/lake/ws", null),
            ("/openenv/lake/ws", "Bearer wrong"),
            ("/openenv/lake/ws", "Basic !"),
            ("/openenv/lake/ws", $"Basic {Convert.ToBase64String("key-one"u8)}"),
            ("/openenv/lake/ws?api_key=", null),
            ("/openenv/lake/ws?key=key-one", null)])
        {
            (await HandshakeAsync(server, path, header)).ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Fact]
    public async Task A_key_that_may_only_read_cannot_connect()
    {
        await using var server = await StartedAsync(scope: KeyScope.Read);
        (await HandshakeAsync(server, "/openenv/lake/ws", "Bearer key-one")).ShouldBe(HttpStatusCode.Forbidden);
        (await server.SendAsync("GET", "/openenv/lake/metadata")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("POST", "/openenv/lake/mcp", "{}")).DetailOf(403);
        server.Router.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_environment_or_no_connection_is_told_before_one_is_made()
    {
        await using var server = await StartedAsync();
        (await HandshakeAsync(server, "/openenv/ghost/ws", "Bearer key-one")).ShouldBe(HttpStatusCode.NotFound);
        (await server.SendAsync("GET", "/openenv/lake/ws")).DetailOf(400).ShouldContain("is a WebSocket");
    }

    [Fact]
    public async Task A_connection_that_ends_without_a_word_releases_its_instance()
    {
        await using var server = await StartedAsync();
        var client = await server.ConnectAsync();
        var instance = (await client.ResetAsync()).Observed().GetProperty("instance_id").GetString()!;
        client.Socket.Abort();
        await ReleasedAsync(server, instance);
    }

    [Fact]
    public async Task A_client_that_closes_while_its_reset_waits_is_noticed()
    {
        await using var server = await StartedAsync();
        var began = new TaskCompletionSource();
        server.Router.Answer = async command =>
        {
            if (command is CreateInstance) began.SetResult();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            return RecordingRouter.Completed("{}");
        };
        using var client = await server.ConnectAsync();
        await client.SendAsync("""{"type":"reset","data":{"task_id":"a"}}"""u8.ToArray());
        await began.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        // The other end closes too, long before the Create's time is over.
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_that_says_nothing_any_more_is_asked_and_then_dropped()
    {
        await using var server = await StartedAsync(Usual with { PingInterval = TimeSpan.FromMilliseconds(100), PingTimeout = TimeSpan.FromSeconds(2) });
        var client = await server.ConnectAsync();
        var instance = (await client.ResetAsync()).Observed().GetProperty("instance_id").GetString()!;

        // Nobody reads, so nobody answers pings: as of a machine that is gone.
        await ReleasedAsync(server, instance);
        client.Dispose();
    }

    [Fact]
    public async Task A_client_that_answers_pings_may_think_for_long()
    {
        await using var server = await StartedAsync(Usual with { PingInterval = TimeSpan.FromMilliseconds(20), PingTimeout = TimeSpan.FromSeconds(5) });
        using var client = await server.ConnectAsync();
        await client.ResetAsync();
        var reading = client.ReadAsync();
        for (var i = 0; i < 10; i++) await Task.WhenAny(reading, Task.Delay(20, TestContext.Current.CancellationToken));
        reading.IsCompleted.ShouldBeFalse();
        await client.SendAsync("""{"type":"step","data":{"message":"left"}}"""u8.ToArray());
        (await reading)!.Value.Observed();
    }

    [Fact]
    public async Task A_connection_that_asks_nothing_is_closed_and_says_why()
    {
        await using var server = await StartedAsync(Usual with { Idle = TimeSpan.FromMilliseconds(200) });
        using var client = await server.ConnectAsync();
        (await client.ReadAsync()).ShouldBeNull();
        client.Socket.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        client.Socket.CloseStatusDescription!.ShouldContain("Gateway:OpenEnvIdle");
    }

    [Fact]
    public async Task A_request_that_never_comes_whole_ends_the_connection()
    {
        await using var server = await StartedAsync(readTimeout: TimeSpan.FromMilliseconds(300));
        using var client = await server.ConnectAsync();
        await client.SendAsync("""{"type":"""u8.ToArray(), isWhole: false);
        (await client.ReadAsync())!.Value.ErrorOf("VALIDATION_ERROR").ShouldContain("Gateway:ReadTimeout");
        (await client.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_tenant_has_so_many_connections_and_another_has_its_own()
    {
        await using var server = await StartedAsync(Usual with { PerTenant = 2 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        using (var third = await server.ConnectAsync())
        {
            (await third.ReadAsync())!.Value.ErrorOf("CAPACITY_REACHED").ShouldContain("Gateway:OpenEnvConnections");
            (await third.ReadAsync()).ShouldBeNull();
        }

        using var theirs = await server.ConnectAsync(key: "key-two");
        (await theirs.ResetAsync()).Observed();
        await first.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        await Until.TrueAsync(
            "there is room again",
            async () =>
            {
                using var again = await server.ConnectAsync();
                return (await again.AskAsync("""{"type":"state"}""")).GetProperty("type").GetString() == "state";
            },
            Limit);
    }

    [Fact]
    public async Task A_flood_of_requests_stays_with_its_client_and_each_is_answered_in_turn()
    {
        await using var server = await StartedAsync();
        var running = 0;
        var most = 0;
        var lake = new Lake();
        server.Router.Answer = async command =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return await lake.AnswerAsync(command);
        };
        using var client = await server.ConnectAsync();
        await client.ResetAsync();
        var request = Encoding.UTF8.GetBytes($$$"""{"type":"step","data":{"message":"{{{new string('x', 1000)}}}"}}""");
        var sending = SendAllAsync();
        for (var i = 1; i <= 1000; i++) (await client.ReadAsync())!.Value.Observed().GetProperty("step").GetInt32().ShouldBe(i);
        await sending;
        most.ShouldBe(1);

        async Task SendAllAsync()
        {
            await Task.Yield();
            for (var i = 0; i < 1000; i++) await client.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_key_that_was_revoked_ends_its_connections_with_their_next_request()
    {
        await using var server = await StartedAsync();
        using var client = await server.ConnectAsync();
        await client.ResetAsync();
        server.LetsIn = false;
        (await client.StepAsync("""{"message":"left"}""")).ErrorOf("SESSION_ERROR").ShouldContain("key");
        (await client.ReadAsync()).ShouldBeNull();
        server.Router.Sent.OfType<StepInstance>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gateway_that_stops_says_so_and_releases_what_ends()
    {
        await using var server = await StartedAsync();
        using var client = await server.ConnectAsync();
        var instance = (await client.ResetAsync()).Observed().GetProperty("instance_id").GetString()!;
        var stopping = server.StopAsync();
        (await client.ReadAsync()).ShouldBeNull();
        client.Socket.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await stopping.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await ReleasedAsync(server, instance);
    }

    [Fact]
    public async Task A_gateway_that_stops_waits_for_no_request_that_hangs()
    {
        await using var server = await StartedAsync();
        using var client = await server.ConnectAsync();
        await client.ResetAsync();
        var began = new TaskCompletionSource();
        server.Router.Answer = async command =>
        {
            if (command is StepInstance) began.SetResult();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            return RecordingRouter.Completed("{}");
        };
        await client.SendAsync("""{"type":"step","data":{"message":"left"}}"""u8.ToArray());
        await began.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await server.StopAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private static async Task<DoorServer> StartedAsync(SocketLimits? limits = null, KeyScope scope = KeyScope.Use, TimeSpan? readTimeout = null)
    {
        var server = new DoorServer { Limits = limits ?? Usual, Scope = scope, ReadTimeout = readTimeout ?? TimeSpan.FromSeconds(30) };
        await server.InitializeAsync();
        return server;
    }

    private static async Task<HttpStatusCode> HandshakeAsync(DoorServer server, string path, string? authorization)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (authorization is not null) socket.Options.SetRequestHeader("Authorization", authorization);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}{path}"), TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
            // The status says it.
        }

        return socket.HttpStatusCode;
    }

    private static Task ReleasedAsync(DoorServer server, string instance) => Until.TrueAsync(
        "the instance is released", () => server.Router.Sent.OfType<ReleaseInstance>().Any(release => release.InstanceId == instance), Limit);
}
