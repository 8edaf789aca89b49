using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace SandQueue.Testing;

/// <summary>
/// A RabbitMQ server for tests: the one <c>SANDQUEUE_TEST_RABBITMQ</c> names (<c>amqp://user:password@host:port</c>; its
/// management API on port 15672, or where <c>SANDQUEUE_TEST_RABBITMQ_MANAGEMENT</c> says), else one of the tests' own on
/// free ports and in a private folder. It starts when the first test asks for it. Tests are kept apart by virtual hosts.
/// </summary>
public sealed class RabbitMqServer : IAsyncLifetime
{
    private const string Setting = "SANDQUEUE_TEST_RABBITMQ";
    private const string ManagementSetting = "SANDQUEUE_TEST_RABBITMQ_MANAGEMENT";

    private static readonly TimeSpan ChangeLimit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private DirectoryInfo? _folder;
    private RabbitMqNode[] _nodes = [];
    private ServerProcess? _portMapper;
    private HttpClient? _management;
    private bool _started;

    /// <summary>Of how many nodes our own is.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Nodes that start at once share the processors, and each waits for the others.</summary>
    private TimeSpan StartLimit => TimeSpan.FromMinutes(3) * Nodes;

    /// <summary>Why there is none, or null where there is one.</summary>
    public string? Missing { get; private set; }

    /// <summary>Whether it is the tests' own, which may be stopped and started again.</summary>
    public bool IsOurs => _folder is not null;

    /// <summary>Its address, without a virtual host.</summary>
    [NotNull]
    public Uri? Address
    {
        get => field ?? throw new InvalidOperationException(Missing ?? "the server was not started yet");
        private set;
    }

    /// <summary>Its address over TLS; null where the server is not ours. <see cref="Authorities"/> vouch for it under this name alone.</summary>
    public Uri? TlsAddress { get; private set; }

    /// <summary>The PEM file of who vouches for <see cref="TlsAddress"/>.</summary>
    public string Authorities => Path.Combine(_folder!.FullName, "authority.pem");

    /// <summary>All nodes but that of <see cref="Address"/>, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> OtherNodes => [.. _nodes.Skip(1).Select(node => node.Address.Authority)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the server with the first call.</summary>
    /// <returns>Whether there is one; <see cref="Missing"/> says why not.</returns>
    public async Task<bool> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (!_started) await StartOnceAsync();
            _started = true;
            return Missing is null;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Makes a virtual host, and says how to reach it.</summary>
    public async Task<Uri> NewVirtualHostAsync()
    {
        var name = $"sandqueue-{Guid.NewGuid():n}";
        await ChangeAsync(HttpMethod.Put, $"api/vhosts/{name}", new { });
        await RunsAsync(name);
        return new Uri(Address, $"/{name}");
    }

    /// <summary>Makes a user of a virtual host, and says how it reaches it. The three patterns are names that it may configure, write to and read.</summary>
    public async Task<Uri> NewUserAsync(Uri virtualHost, string configure, string write, string read)
    {
        ArgumentNullException.ThrowIfNull(virtualHost);
        var (name, password) = ($"trainer-{Guid.NewGuid():n}", Guid.NewGuid().ToString("n"));
        await ChangeAsync(HttpMethod.Put, $"api/users/{name}", new { password, tags = "" });
        await ChangeAsync(HttpMethod.Put, $"api/permissions{virtualHost.AbsolutePath}/{name}", new { configure, write, read });
        return new UriBuilder(virtualHost) { UserName = name, Password = password }.Uri;
    }

    /// <summary>Keeps a user of a topic exchange to the routing keys that the patterns name.</summary>
    public async Task AllowTopicAsync(Uri user, string exchange, string write, string read)
    {
        ArgumentNullException.ThrowIfNull(user);
        await ChangeAsync(HttpMethod.Put, $"api/topic-permissions{user.AbsolutePath}/{user.UserInfo.Split(':')[0]}", new { exchange, write, read });
    }

    /// <summary>Removes a user that <see cref="NewUserAsync"/> made.</summary>
    public async Task DeleteUserAsync(Uri user)
    {
        ArgumentNullException.ThrowIfNull(user);
        await ChangeAsync(HttpMethod.Delete, $"api/users/{user.UserInfo.Split(':')[0]}", content: null);
    }

    /// <summary>Removes a virtual host with all its queues.</summary>
    public async Task DeleteVirtualHostAsync(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        await ChangeAsync(HttpMethod.Delete, $"api/vhosts{address.AbsolutePath}", content: null);
    }

    /// <summary>What the broker says of a queue, as its management API has it.</summary>
    public async Task<JsonElement> DescribeQueueAsync(Uri virtualHost, string queue)
    {
        ArgumentNullException.ThrowIfNull(virtualHost);
        return await GetAsync($"api/queues{virtualHost.AbsolutePath}/{queue}");
    }

    /// <summary>
    /// Removes the exchange that leads to a queue, and its bindings with it: messages are returned to their sender, and the
    /// queue's consumer is told nothing.
    /// </summary>
    public async Task CutOffAsync(Uri virtualHost, string queue)
    {
        ArgumentNullException.ThrowIfNull(virtualHost);
        await ChangeAsync(HttpMethod.Delete, $"api/exchanges{virtualHost.AbsolutePath}/{queue}", content: null);
    }

    /// <summary>Whether the exchange of its name leads to a queue.</summary>
    public async Task<bool> IsBoundAsync(Uri virtualHost, string queue)
    {
        ArgumentNullException.ThrowIfNull(virtualHost);
        var bindings = await GetAsync($"api/exchanges{virtualHost.AbsolutePath}/{queue}/bindings/source");
        return bindings.GetArrayLength() > 0;
    }

    /// <summary>The names of the exchanges of a virtual host, but for those that the broker brings.</summary>
    public async Task<IReadOnlyList<string>> ListExchangesAsync(Uri virtualHost)
    {
        ArgumentNullException.ThrowIfNull(virtualHost);
        var exchanges = await GetAsync($"api/exchanges{virtualHost.AbsolutePath}");
        return [.. exchanges.EnumerateArray().Select(exchange => exchange.GetProperty("name").GetString()!).Where(name => name.Length > 0 && !name.StartsWith("amq.", StringComparison.Ordinal))];
    }

    /// <summary>The tag of a queue's one consumer, which is another for each that is connected; null while the broker tells of none.</summary>
    public async Task<string?> FindConsumerAsync(Uri virtualHost, string queue)
    {
        ArgumentNullException.ThrowIfNull(virtualHost);
        var consumers = await GetAsync($"api/consumers{virtualHost.AbsolutePath}");
        return consumers.EnumerateArray()
            .Where(consumer => consumer.GetProperty("queue").GetProperty("name").GetString() == queue)
            .Select(consumer => consumer.GetProperty("consumer_tag").GetString())
            .SingleOrDefault();
    }

    /// <summary>Stops our own broker in order; what is durable stays for <see cref="RunAsync"/>.</summary>
    public async Task StopAsync()
    {
        foreach (var node in _nodes) await node.StopAsync();
    }

    /// <summary>Starts our own broker again, or those of its nodes that do not run.</summary>
    public async Task RunAsync()
    {
        foreach (var node in _nodes) node.Start();
        await Until.TrueAsync("RabbitMQ starts", AreReadyAsync, StartLimit, () => _nodes[0].LastOutput);
    }

    /// <summary>SIGKILL to the node of <see cref="Address"/>. The others go on.</summary>
    public Task KillFirstNodeAsync() => _nodes[0].KillAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_portMapper is not null) await _portMapper.DisposeAsync();
        if (_folder is not null) await _folder.RemoveAsync();
        _management?.Dispose();
        _starting.Dispose();
    }

    /// <summary>A node that was too slow for a new virtual host leaves it stopped, and does not start it by itself (rabbitmq/rabbitmq-management#591).</summary>
    private Task RunsAsync(string virtualHost)
    {
        var said = "";
        return Until.TrueAsync(
            $"virtual host {virtualHost} runs on all nodes",
            async () =>
            {
                var host = await GetAsync($"api/vhosts/{virtualHost}");
                said = host.ToString();
                if (!host.TryGetProperty("cluster_state", out var nodes)) return true;
                var stopped = nodes.EnumerateObject().Where(node => node.Value.GetString() != "running").ToList();
                foreach (var node in stopped) await StartOnAsync(node.Name, virtualHost, why => said = why);
                return stopped.Count == 0;
            },
            ChangeLimit,
            () => said);
    }

    /// <summary>Asks once. The broker answers 400 where the node was too slow, and the caller asks again.</summary>
    private Task<bool> StartOnAsync(string node, string virtualHost, Action<string> notYet) => IsDoneAsync(
        async () =>
        {
            using var answer = await SendAsync(HttpMethod.Post, $"api/vhosts/{virtualHost}/start/{node}", content: null);
            if (answer.StatusCode != HttpStatusCode.BadRequest) answer.EnsureSuccessStatusCode();
            else notYet(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode;
        },
        notYet);

    /// <summary>Asks again where the broker says that it failed: a cluster of busy nodes takes longer for a virtual host than its own limit, and has made it then.</summary>
    private async Task ChangeAsync(HttpMethod method, string path, object? content)
    {
        var (said, isRepeated) = ("", false);
        await Until.TrueAsync(
            $"RabbitMQ does {method} {path}",
            () => IsDoneAsync(
                async () =>
                {
                    using var answer = await SendAsync(method, path, content);
                    if (answer.IsSuccessStatusCode || (isRepeated && method == HttpMethod.Delete && answer.StatusCode == HttpStatusCode.NotFound)) return true;
                    if (answer.StatusCode < HttpStatusCode.InternalServerError) answer.EnsureSuccessStatusCode();
                    (said, isRepeated) = ($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}", true);
                    return false;
                },
                why => (said, isRepeated) = (why, true)),
            ChangeLimit,
            () => said);
    }

    /// <summary>Asks again where the broker says that it failed.</summary>
    /// <exception cref="HttpRequestException">There is no such thing, or it may not be seen.</exception>
    private async Task<JsonElement> GetAsync(string path)
    {
        var (told, said) = (default(JsonElement), "");
        await Until.TrueAsync(
            $"RabbitMQ answers GET {path}",
            () => IsDoneAsync(
                async () =>
                {
                    told = await _management!.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
                    return true;
                },
                why => said = why),
            ChangeLimit,
            () => said);
        return told;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content is null ? null : JsonContent.Create(content) };
        return await _management!.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A broker that is busy breaks a connection, lets a request run out of its time, or says that it failed: that is not yet, and no failure of the test.</summary>
    private static async Task<bool> IsDoneAsync(Func<Task<bool>> ask, Action<string> notYet)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (IsForNow(exception))
        {
            notYet(exception.Message);
            return false;
        }
    }

    private static bool IsForNow(Exception exception) => exception switch
    {
        HttpRequestException failed => failed.StatusCode is null or >= HttpStatusCode.InternalServerError,
        OperationCanceledException => !TestContext.Current.CancellationToken.IsCancellationRequested,
        _ => false,
    };

    private async Task StartOnceAsync()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named)
        {
            var broker = new Uri(named);
            Use(broker, new Uri(Environment.GetEnvironmentVariable(ManagementSetting) is { Length: > 0 } management ? management : $"http://{broker.Host}:15672"));
            return;
        }

        var account = ServerAccount.Find("rabbitmq");
        if (RabbitMqNode.Program() is null || account is null)
        {
            Missing = $"needs RabbitMQ: install rabbitmq-server, or name a server with {Setting}=amqp://user:password@host:port";
            return;
        }

        var portMapper = FreePort.Take();
        _folder = await account.NewFolderAsync("sandqueue-mq-");
        _nodes = [.. Enumerable.Range(0, Nodes).Select(_ => new RabbitMqNode(account, _folder.FullName, portMapper))];
        foreach (var node in _nodes) await node.ConfigureAsync(Nodes > 1 ? _nodes : []);
        TestCertificates.Write(_folder.FullName, IPAddress.Loopback);
        TlsAddress = _nodes[0].TlsAddress;
        Use(_nodes[0].Address, _nodes[0].Management);

        // A broker would start one that outlives it; it finds ours instead.
        _portMapper = ServerProcess.Start(
            account.Wrap("epmd", "-address", "127.0.0.1", "-port", portMapper.ToString(CultureInfo.InvariantCulture)), [], "TERM", Path.Combine(_folder.FullName, "output"));
        await RunAsync();
    }

    private void Use(Uri broker, Uri management)
    {
        Address = broker;
        var user = broker.UserInfo is { Length: > 0 } given ? Uri.UnescapeDataString(given) : "guest:guest";
        _management = new HttpClient { BaseAddress = management };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
    }

    /// <summary>Ready is a node that listens, and knows all others.</summary>
    private async Task<bool> AreReadyAsync()
    {
        try
        {
            foreach (var node in _nodes)
            {
                using var answer = await _management!.GetAsync(new Uri(node.Management, $"api/health/checks/port-listener/{node.Address.Port}"), TestContext.Current.CancellationToken);
                if (!answer.IsSuccessStatusCode) return false;
            }

            var known = await _management!.GetFromJsonAsync<JsonElement>(new Uri("api/nodes", UriKind.Relative), TestContext.Current.CancellationToken);
            return known.EnumerateArray().Count(node => node.GetProperty("running").GetBoolean()) == _nodes.Length;
        }
        catch (Exception exception) when (exception is HttpRequestException || IsForNow(exception))
        {
            return false;
        }
    }
}
