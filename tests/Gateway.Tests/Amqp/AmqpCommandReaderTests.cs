using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Http;
using SandQueue.Testing.Documents;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpCommandReaderTests
{
    private const int MaxParams = 64;

    /// <summary>A schema counts no bytes, and half surrogate pairs are no text to those that read one.</summary>
    private static readonly string[] NotInASchema = ["params has", "not valid text"];

    [Fact]
    public void A_create_has_the_messages_id_and_without_a_name_that_name()
    {
        var create = Read("""{"command":"create","env_type":"e","task_id":"t","params":{"max_steps":3}}""", "m1").ShouldBeOfType<CreateInstance>();

        (create.CommandId, create.InstanceId, create.EnvType, create.TaskId, create.Tenant, create.RemainingMs).ShouldBe(("m1", "m1", "e", "t", "a", 5_000));
        Encoding.UTF8.GetString(create.Params).ShouldBe("""{"max_steps":3}""");
        create.HasNoIdempotencyKey.ShouldBeFalse();
    }

    [Fact]
    public void A_step_has_its_action_as_it_came_and_its_number()
    {
        var step = Read("""{"command":"step","instance_id":"i","action":{"role":"assistant", "content":"left"},"step":7}""", "m1").ShouldBeOfType<StepInstance>();

        (step.InstanceId, step.ExpectedStep, step.HasNoIdempotencyKey).ShouldBe(("i", 7, false));
        Encoding.UTF8.GetString(step.Action).ShouldBe("""{"role":"assistant", "content":"left"}""");
    }

    [Theory]
    [InlineData("""{"command":"evaluate","instance_id":"i"}""", typeof(EvaluateInstance))]
    [InlineData("""{"command":"get_info","instance_id":"i","messages":{}}""", typeof(DescribeInstance))]
    [InlineData("""{"command":"release","instance_id":"i"}""", typeof(ReleaseInstance))]
    [InlineData("""{"command":"profile","env_type":"e","split":"val"}""", typeof(ListTasks))]
    public void The_other_commands_are_read(string body, Type type) => Read(body, "m1").ShouldBeOfType(type);

    [Theory]
    [InlineData("""{"command":"profile","env_type":"e"}""")]
    [InlineData("""{"command":"get_info","instance_id":"i"}""")]
    public void What_changes_nothing_needs_no_id(string body) => Read(body, null).CommandId.ShouldNotBeEmpty();

    [Theory]
    [InlineData("""{"command":"create","env_type":"e","task_id":"t"}""", null, "'create' needs the property message_id")]
    [InlineData("""{"command":"release","instance_id":"i"}""", "", "'release' needs the property message_id")]
    [InlineData("""{"command":"release","instance_id":"i"}""", "a\0b", "message_id must not contain NUL")]
    [InlineData("""{"env_type":"e"}""", "m", "command is required")]
    [InlineData("""{"command":["create"]}""", "m", "command must be a string, not an array")]
    [InlineData("""{"command":"release","instance_id":"i","params":{}}""", "m", "'release' has no member 'params'; it takes instance_id")]
    [InlineData("""{"command":"step","instance_id":"i"}""", "m", "action is required")]
    [InlineData("""{"command":"step","instance_id":"i","action":{"content":5}}""", "m", "action.content must be a string")]
    [InlineData("""{"command":"step","instance_id":"i","action":{"content":"a"},"step":1.5}""", "m", "step must be an integer, not 1.5")]
    [InlineData("""{"command":"evaluate","instance_id":""}""", "m", "instance_id must not be empty")]
    [InlineData("""{"command":"evaluate","instance_id":"i","params":{"_step":1}}""", "m", "params._step has no meaning here")]
    [InlineData("""{"command":"evaluate","instance_id":"i","params":{"long":"012345678901234567890123456789012345678901234567890123456789"}}""", "m", "params has 71 bytes; at most 64 are taken")]
    [InlineData("{\"command\":\"evaluate\",\"instance_id\":\"i\",\"\\ud800\":1}", "m", "a member's name is not valid text")]
    public void What_is_wrong_is_said(string body, string? id, string detail)
    {
        Should.Throw<BadRequestException>(() => Read(body, id)).Message.ShouldStartWith(detail);

        if (!NotInASchema.Any(detail.Contains)) Matches(body, id).ShouldBeEmpty("the contract says so too");
    }

    [Theory]
    [InlineData("""{"command":"create","env_type":"e","task_id":"t","instance_id":null,"params":null}""", "create")]
    [InlineData("""{"command":"step","instance_id":"i","action":{"content":null,"tool_calls":""},"step":null}""", "step")]
    [InlineData("""{"command":"step","instance_id":"i","action":{"content":[],"tool_calls":{}},"step":-1,"params":{}}""", "step")]
    [InlineData("""{"command":"profile","env_type":"e","split":null}""", "profile")]
    public void What_is_read_is_in_the_contract(string body, string message)
    {
        AmqpAnswer.Name(Read(body, "m")).ShouldBe(message);

        Matches(body, "m").ShouldBe([message]);
    }

    [Theory]
    [InlineData(null, 5_000)]
    [InlineData("200", 200)]
    [InlineData("999999999", 5_000)]
    public void The_callers_time_is_its_expiration_and_never_more_than_a_call_may_take(string? expiration, int milliseconds) =>
        Message(expiration).Remaining(TimeSpan.FromSeconds(5)).TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("1e3")]
    public void An_expiration_that_is_no_time_is_refused(string expiration) =>
        Should.Throw<BadRequestException>(() => Message(expiration).Remaining(TimeSpan.FromSeconds(5))).Message.ShouldBe($"expiration is '{expiration}'; it is milliseconds above 0, as text");

    private static IReadOnlyList<string> Matches(string body, string? id) =>
        AsyncApiContract.Matches("commands", Encoding.UTF8.GetBytes(body), id is null ? [] : new JsonObject { ["message_id"] = id }, []);

    private static AmqpMessage Message(string? expiration) => new(1, [], 0, null, null, null, null, expiration, null, null, HasWaited: false);

    private static Command Read(string body, string? id)
    {
        using var read = RequestBody.Parse(Encoding.UTF8.GetBytes(body));
        return AmqpCommandReader.Read(read.Fields, id, "a", TimeSpan.FromSeconds(5), MaxParams);
    }
}
