using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SandQueue.Client.Amqp;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Tests.Amqp;

/// <summary>What is said of messages whose channel is closed: for one of them, or for whatever else.</summary>
public sealed class ClosedTests
{
    private static readonly ShutdownEventArgs Refused = new(ShutdownInitiator.Peer, Constants.AccessRefused, "not you", 60, 40);
    private static readonly ShutdownEventArgs Missing = new(ShutdownInitiator.Peer, Constants.NotFound, "no exchange", 60, 40);

    private readonly FakeChannel _channel;
    private readonly Func<Task<(byte[] Reply, Refusal? Refusal)>> _ask;

    public ClosedTests()
    {
        (var channel, _channel) = FakeChannel.New();
        var link = new AmqpLink(connection: null!, channel, "broker");
        _ask = () => link.AskAsync(new BasicProperties(), default, Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Exception> Dying => [new ChannelClosedException(), new IOException("gone"), new ObjectDisposedException("channel"), new AlreadyClosedException(new(ShutdownInitiator.Peer, 320, "forced"))];

    [Theory]
    [InlineData(Constants.AccessRefused, "forbidden", false)]
    [InlineData(Constants.PreconditionFailed, "forbidden", false)]
    [InlineData(Constants.NotFound, "unreachable", false)]
    [InlineData(Constants.InternalError, "unknown_end", true)]
    public async Task The_only_one_that_was_not_confirmed_was_refused(ushort code, string said, bool isUnknown)
    {
        var asking = AskAsync();
        Fail(0, new ShutdownEventArgs(ShutdownInitiator.Peer, code, "no", 60, 40));

        (await asking).ShouldBe((said, isUnknown));
    }

    [Fact]
    public async Task One_that_was_confirmed_may_take_effect_whyever_the_channel_is_closed()
    {
        var (confirmed, refused) = (AskAsync(), AskAsync());
        _channel.Published[0].SetResult();
        await _channel.CloseAsync(Missing);
        Fail(1, Missing);

        (await confirmed).ShouldBe(("unknown_end", true));
        await refused;
    }

    [Fact]
    public async Task Of_two_that_were_not_confirmed_it_may_be_either()
    {
        var (one, other) = (AskAsync(), AskAsync());
        Fail(0, Refused);
        Fail(1, Refused);

        (await one).ShouldBe(("unknown_end", true));
        (await other).ShouldBe(("unknown_end", true));
    }

    [Fact]
    public async Task A_connection_that_is_closed_refuses_no_message()
    {
        var asking = AskAsync();
        Fail(0, new ShutdownEventArgs(ShutdownInitiator.Peer, Constants.AccessRefused, "the virtual host is gone"));

        (await asking).ShouldBe(("unknown_end", true));
    }

    [Theory]
    [MemberData(nameof(Dying))]
    public async Task A_message_on_a_dying_connection_may_have_arrived(Exception exception)
    {
        var asking = AskAsync();
        _channel.Published[0].SetException(exception);

        (await asking).ShouldBe(("unknown_end", true));
    }

    [Fact]
    public void A_handshake_that_breaks_says_nothing_of_the_password()
    {
        AmqpFailures.OfOpening("broker", new BrokerUnreachableException(new PossibleAuthenticationFailureException("maybe", new IOException("gone")))).Code.ShouldBe("unreachable");
        AmqpFailures.OfOpening("broker", new BrokerUnreachableException(new AuthenticationFailureException("no"))).Code.ShouldBe("unauthenticated");
    }

    private void Fail(int message, ShutdownEventArgs reason) => _channel.Published[message].SetException(new AlreadyClosedException(reason));

    private async Task<(string Code, bool IsUnknown)> AskAsync()
    {
        var (_, refusal) = await _ask();
        return (refusal!.Code, refusal.IsUnknown);
    }
}
