using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using NSubstitute.Extensions;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Amqp.Sharing;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Testing.Documents;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpFuzzTests
{
    private const int Messages = 2_000;

    private static readonly Gen<string> Pieces = One(
        "{", "}", "[", "]", ":", ",", "\"", "\\", "null", "true", "1e9", "-", "0", " ", "\n", "\"command\":", "\"create\"", "\"step\"", "\"release\"", "\"instance_id\"", "\"params\"", "\"_step\":1",
        "\"action\":{\"content\":5}", "\"\\ud800\"", "\"\\ud800\":1,", "\"x\0y\"", "\"command\":\"release\",", "\"instance_id\":\"\\ud800\"", "\u202e");

    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        Pieces.List[0, 14].Select(list => Encoding.UTF8.GetBytes(string.Concat(list))),
        Pieces.List[0, 6].Select(list => Encoding.UTF8.GetBytes("{" + string.Concat(list) + "}")),
        Gen.Byte.Array[0, 60],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 200], Gen.Int[0, 20], Pieces).Select((example, at, length, piece) => Mutated(AsyncApiContract.Examples("commands").ElementAt(example).Body, at, length, piece)));

    private static readonly Gen<string?> Texts = Gen.OneOf<string?>(
        One<string?>(null, "", "0", "60000", "-1", "1e3", "99999999999999999999", "amq.rabbitmq.reply-to.x", "amq.gen-x", "sandqueue.commands", "application/json", "application/json; charset=utf-8", ";", "a\0b"),
        Gen.String[0, 255].Select(text => (string?)text));

    private static readonly Gen<object?> Headers = Gen.OneOf(
        Gen.Byte.Array[0, 20].Select(bytes => (object?)bytes), Gen.Int.Select(number => (object?)number), Gen.Const((object?)null), Gen.Const((object?)new List<object?> { 1 }));

    [Fact]
    public async Task Whatever_message_comes_it_is_executed_answered_or_put_aside() =>
        await Gen.Select(Bodies, Texts, Texts, Texts, Texts, Headers).SampleAsync(
            async (body, id, replyTo, type, expiration, key) =>
            {
                var (router, channel) = (Substitute.For<ICommandRouter>(), Substitute.For<IChannel>());
                var done = new CommandOutcome.Rejected(CommandReason.UnknownInstance, "no such thing");
                router.ReturnsForAll<Task<CommandOutcome>>(Task.FromResult<CommandOutcome>(done));
                var execution = new AmqpExecution(router, new AmqpSenders(new SettingsKeys(ApiKeys.Read(null)), BrokerUsers.Read(null)), new TenantShares(most: 9, share: 9), Uncounted.Metrics, Options.Create(new GatewayOptions()), TimeProvider.System);
                var message = AmqpMessage.Of(Delivery(body, id, replyTo, type, expiration, key), maxBytes: 100);

                (await execution.ExecuteAsync(message, new AmqpPublisher(channel, Uncounted.Metrics, TimeProvider.System, NullLogger<AmqpDoor>.Instance), CancellationToken.None)).ShouldBeTrue();

                var published = channel.ReceivedCalls().Single(call => call.GetMethodInfo().Name == nameof(IChannel.BasicPublishAsync)).GetArguments();
                if ((string)published[0]! == AmqpNames.DeadLetters) return;
                AsyncApiContract.Matches("replies", (ReadOnlyMemory<byte>)published[4]!, null, null).ShouldHaveSingleItem().ShouldBe(router.ReceivedCalls().Any() ? "rejected" : "refused");
            },
            iter: Messages,
            threads: 1);

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static byte[] Mutated(byte[] body, int at, int length, string piece)
    {
        var (start, end) = (Math.Min(at, body.Length), Math.Min(at + length, body.Length));
        return [.. body.AsSpan(0, start), .. Encoding.UTF8.GetBytes(piece), .. body.AsSpan(end)];
    }

    private static BasicDeliverEventArgs Delivery(byte[] body, string? id, string? replyTo, string? type, string? expiration, object? key)
    {
        var properties = new BasicProperties
        {
            MessageId = id, CorrelationId = expiration, ReplyTo = replyTo, ContentType = type, Expiration = expiration, Headers = new Dictionary<string, object?> { [AmqpNames.ApiKey] = key },
        };
        return new BasicDeliverEventArgs(AmqpNames.Commands, 1, redelivered: false, AmqpNames.Commands, "any", properties, body, CancellationToken.None);
    }
}
