using System.Net;
using System.Net.Sockets;

namespace SandQueue.Client.Tests.Contract;

/// <summary>Somebody takes the connection and says nothing: whatever carries the commands, none was sent.</summary>
public sealed class SilentServerTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentServerTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("https")]
    [InlineData("amqp")]
    public async Task A_command_for_which_no_connection_was_open_in_time_was_not_sent(string scheme)
    {
        var address = new Uri($"{scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        var options = new SandQueueClientOptions { Deadline = TimeSpan.FromMilliseconds(300) };
        await using SandQueueClient queue = scheme == "amqp" ? SandQueueClient.OverRabbitMq(address, options: options) : SandQueueClient.OverHttp(address, options: options);

        var failure = await Should.ThrowAsync<SandQueueException>(() => queue.Attach("i").StepAsync("left", cancellationToken: TestContext.Current.CancellationToken));

        (failure.Code, failure.End, failure.IsRetryable).ShouldBe((ErrorCodes.Unreachable, CommandEnd.Rejected, true));
        failure.Message.ShouldContain("no connection was open in time");
    }
}
