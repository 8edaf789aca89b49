using System.Runtime.Serialization;
using System.Text.Json;
using CsCheck;
using MemoryPack;
using SandQueue.Contracts;
using SandQueue.Transport.Bodies;

namespace SandQueue.Transport.Tests.Bodies;

public sealed class BinaryBodyTests
{
    private static readonly Uri ReplyTo = new("exchange:sandqueue.5.own?type=direct#sandqueue.5.replies.gateway%2D1");

    private static readonly Gen<StepInstance> Steps =
        from id in Gen.String[0, 200]
        from tenant in Gen.String[0, 20]
        from remaining in Gen.Int
        from trace in Gen.String[0, 60].Null()
        from instance in Gen.String[0, 100]
        from action in Gen.Byte.Array[0, 2000]
        from parameters in Gen.Byte.Array[0, 20]
        from number in Gen.Int.Nullable()
        from bare in Gen.Bool
        select new StepInstance
        {
            CommandId = id,
            Tenant = tenant,
            RemainingMs = remaining,
            TraceParent = trace,
            InstanceId = instance,
            Forwards = remaining & 1,
            Action = action,
            Params = parameters,
            ExpectedStep = number,
            HasNoIdempotencyKey = bare,
        };

    private static readonly Gen<CommandReply> Replies =
        from id in Gen.String[0, 200]
        from end in Gen.Enum<CommandEnd>()
        from reason in Gen.Enum<CommandReason>()
        from answer in Gen.Byte.Array[0, 3000]
        from detail in Gen.String[0, 100].Null()
        from cause in Gen.Enum<FailureCause>().Nullable()
        from waiting in Gen.Double
        select new CommandReply
        {
            CommandId = id,
            Tenant = "t",
            End = end,
            Reason = reason,
            Answer = answer,
            Detail = detail,
            Cause = cause,
            Owner = detail,
            AnswerIsTooLarge = answer.Length % 2 == 0,
            Timing = new CommandTiming(waiting, 1, 2),
        };

    [Fact]
    public void Steps_come_back_as_they_were() =>
        Steps.List[0, 20].Sample(steps => JsonOf(Again(new Envelope<StepInstance> { Commands = steps })).ShouldBe(JsonOf(new Envelope<StepInstance> { Commands = steps })));

    [Fact]
    public void Replies_come_back_as_they_were() =>
        Replies.List[0, 20].Sample(replies => JsonOf(Again(new CommandReplies { Replies = replies })).ShouldBe(JsonOf(new CommandReplies { Replies = replies })));

    [Fact]
    public void A_Create_comes_back_with_all_it_has()
    {
        var create = new CreateInstance
        {
            CommandId = "c",
            Tenant = "t",
            RemainingMs = 5,
            TraceParent = "00-1-2-01",
            TraceState = "s=1",
            InstanceId = "i",
            EnvType = "bfcl",
            TaskId = "multi_turn_0",
            Params = "{\"seed\":1}"u8.ToArray(),
            SandboxId = "box",
            Parent = new EpisodeParent(long.MaxValue, 7),
            HasNoIdempotencyKey = true,
        };
        JsonOf(Again(create)).ShouldBe(JsonOf(create));
    }

    [Fact]
    public void Every_command_has_a_binary_form_alone_and_with_others()
    {
        var commands = typeof(Command).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Command)) && !type.IsAbstract).ToList();
        commands.Count.ShouldBeGreaterThan(5);
        foreach (var command in commands)
        {
            MessageKind.Find(command).ShouldNotBeNull(command.Name);
            MessageKind.Find(typeof(Envelope<>).MakeGenericType(command)).ShouldNotBeNull(command.Name);
        }
    }

    [Fact]
    public void The_reply_address_travels_along_with_its_fragment()
    {
        var undelivered = new ResponseUndelivered { Tenant = "t", InstanceId = "i", CommandId = "c" };
        var kind = MessageKind.Find(typeof(ResponseUndelivered))!;
        BinaryBody.Read(BinaryBody.Write(kind, undelivered, ReplyTo)).ReplyTo!.OriginalString.ShouldBe(ReplyTo.OriginalString);
        BinaryBody.Read(BinaryBody.Write(kind, undelivered, replyTo: null)).ReplyTo.ShouldBeNull();
    }

    [Fact]
    public void A_later_version_may_add_to_a_message()
    {
        var later = MemoryPackSerializer.Serialize(new LaterRelease { CommandId = "c", Tenant = "t", RemainingMs = 9, InstanceId = "i", Added = "what this version knows not" });
        byte[] body = [.. BinaryBody.Write(MessageKind.Find(typeof(ReleaseInstance))!, new ReleaseInstance { CommandId = "", Tenant = "", RemainingMs = 0, InstanceId = "" }, replyTo: null).AsSpan(0, 4), .. later];

        var (_, _, message) = BinaryBody.Read(body);

        message.ShouldBe(new ReleaseInstance { CommandId = "c", Tenant = "t", RemainingMs = 9, InstanceId = "i" });
    }

    [Fact]
    public void Any_bytes_are_a_message_or_an_error_that_says_so() => Gen.Select(Gen.Byte[0, 30], Gen.Byte.Array[0, 300]).Sample((kind, rest) =>
    {
        try
        {
            BinaryBody.Read([1, kind, .. rest]).Message.ShouldNotBeNull();
        }
        catch (SerializationException exception)
        {
            exception.Message.ShouldNotBeEmpty();
        }
    });

    [Fact]
    public void A_message_that_was_cut_is_an_error() => Steps.Sample(step =>
    {
        var whole = BinaryBody.Write(MessageKind.Find(typeof(StepInstance))!, step, ReplyTo);
        for (var length = 0; length < whole.Length; length += 1 + length / 4) Should.Throw<SerializationException>(() => BinaryBody.Read(whole.AsSpan(0, length)));
    }, iter: 100);

    [Theory]
    [InlineData("02", "another version")]
    [InlineData("01FF0000", "kind 255")]
    [InlineData("010AFFFF", "before its reply address")]
    public void What_is_no_message_is_told(string hex, string said) =>
        Should.Throw<SerializationException>(() => BinaryBody.Read(Convert.FromHexString(hex))).Message.ShouldContain(said);

    private static T Again<T>(T message)
        where T : class => BinaryBody.Read(BinaryBody.Write(MessageKind.Find(typeof(T))!, message, ReplyTo)).Message.ShouldBeOfType<T>();

    /// <summary>Everything that a message has, in a form that can be compared.</summary>
    private static string JsonOf<T>(T message) => JsonSerializer.Serialize(message);
}

/// <summary>What a release might be in a version to come.</summary>
[MemoryPackable(GenerateType.VersionTolerant)]
internal sealed partial record LaterRelease : InstanceCommand
{
    [MemoryPackOrder(20)]
    public string Added { get; init; } = "";
}
