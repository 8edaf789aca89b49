using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Amqp.Contract;
using SandQueue.Gateway.Amqp.Events;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Testing.Documents;

namespace SandQueue.Gateway.Tests.Amqp.Contract;

public sealed class AsyncApiTests
{
    private static readonly JsonObject Properties = new() { ["content_type"] = "application/json" };

    private static readonly Command[] Commands =
    [
        new ListTasks { CommandId = "c", Tenant = "a", RemainingMs = 1, EnvType = "e", Split = "train" },
        new CreateInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, EnvType = "e", TaskId = "t", InstanceId = "i" },
        new StepInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i", Action = [] },
        new EvaluateInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i" },
        new DescribeInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i" },
        new ReleaseInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i" },
    ];

    [Fact]
    public async Task The_gateway_serves_the_documents_page()
    {
        using var served = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = served } };

        await AsyncApiEndpoint.HandleAsync(context);

        context.Response.ContentType.ShouldBe("application/json");
        Encoding.UTF8.GetString(served.ToArray()).ShouldBe(await File.ReadAllTextAsync(AsyncApiContract.Page, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("commands")]
    [InlineData("replies")]
    [InlineData("events")]
    [InlineData("instances")]
    public void Its_examples_are_what_they_are_examples_of(string channel)
    {
        var examples = AsyncApiContract.Examples(channel).ToList();

        examples.ShouldNotBeEmpty();
        foreach (var (message, body) in examples) AsyncApiContract.Matches(channel, body, null, null).ShouldBe([message]);
    }

    [Fact]
    public void Its_commands_are_commands_to_the_reader()
    {
        foreach (var (message, example) in AsyncApiContract.Examples("commands"))
        {
            using var body = RequestBody.Parse(example);
            AmqpAnswer.Name(AmqpCommandReader.Read(body.Fields, "m", "a", TimeSpan.FromSeconds(1), maxParamsBytes: 100)).ShouldBe(message);
        }
    }

    [Fact]
    public void Every_end_of_every_command_is_one_of_its_replies_and_events()
    {
        foreach (var command in Commands)
        {
            foreach (var (expected, outcome) in Outcomes())
            {
                var reply = AmqpAnswer.Of(command, outcome);
                AsyncApiContract.Matches("replies", reply, Properties, null).ShouldBe([expected], Encoding.UTF8.GetString(reply));
                if (expected != "unknown") AsyncApiContract.Matches("events", reply, Properties, null).ShouldBe([expected]);
            }
        }
    }

    [Theory]
    [InlineData(InstanceState.Released, "idle for an hour")]
    [InlineData(InstanceState.Lost, null)]
    [InlineData(InstanceState.Diverged, "step 3\ndiffered")]
    [InlineData(InstanceState.Failed, "its worker died")]
    public void The_end_of_an_instance_is_one_of_its_events(InstanceState state, string? detail)
    {
        var ended = new EndedInstance(17, "a.b", "i", "e", "t", state, NextStep: 1, EndReason: null, EndedAt: 1_790_000_000_000, detail);
        var properties = new JsonObject { ["message_id"] = "instance-17", ["content_type"] = "application/json" };

        var published = AmqpAnswer.Of(InstanceEvent.Of(ended));

        AsyncApiContract.Matches("instances", published, properties, null).ShouldBe(["instanceEnded"], Encoding.UTF8.GetString(published));
    }

    [Fact]
    public void What_was_not_sent_is_refused_in_its_words()
    {
        foreach (var reply in (byte[][])[AmqpAnswer.Malformed(null, "a"), AmqpAnswer.Malformed("m", "a\nb"), AmqpAnswer.Refused("m", CommandReason.NoCapacity, "a")])
        {
            AsyncApiContract.Matches("replies", reply, Properties, null).ShouldBe(["refused"]);
        }
    }

    [Theory]
    [InlineData("create", "true", false)]
    [InlineData("create", """{"state":[{"role":"system","content":"a"},{"role":"user","content":"b"}],"info":{"instance_id":"i","task_id":"t","provenance":{}}}""", true)]
    [InlineData("step", """{"state":[{"role":"user","content":"b"}],"reward":0.5,"is_terminated":false,"info":{"step":1}}""", true)]
    [InlineData("step", """{"state":[{"role":"user","content":"b"}],"reward":null,"is_terminated":false,"info":{"step":1}}""", false)]
    [InlineData("step", """{"state":[],"reward":1,"is_terminated":false,"info":{"step":1}}""", false)]
    [InlineData("evaluate", "0.5", true)]
    [InlineData("evaluate", """{"score":1}""", false)]
    [InlineData("release", "true", true)]
    [InlineData("release", "null", false)]
    [InlineData("profile", """["a"]""", true)]
    [InlineData("profile", "[1]", false)]
    [InlineData("get_info", "\"anything\"", true)]
    public void An_answer_has_the_shape_of_its_command(string command, string answer, bool isReply)
    {
        var reply = $$"""{"command_id":"c","command":"{{command}}","instance_id":"i","end":"completed","answer":{{answer}}}""";

        AsyncApiContract.Matches("replies", Encoding.UTF8.GetBytes(reply), Properties, null).Count.ShouldBe(isReply ? 1 : 0);
    }

    [Fact]
    public void It_names_every_reason()
    {
        var reasons = AsyncApiContract.Schema("reason")["enum"]!.AsArray().Select(reason => reason!.GetValue<string>());

        reasons.ShouldBe(Enum.GetValues<CommandReason>().Where(reason => reason != CommandReason.None).Select(OutcomeNames.Reason), ignoreOrder: true);
    }

    private static IEnumerable<(string Message, CommandOutcome Outcome)> Outcomes()
    {
        foreach (var reason in Enum.GetValues<CommandReason>().Where(reason => reason != CommandReason.None))
        {
            yield return ("rejected", new CommandOutcome.Rejected(reason, "why"));
            foreach (var cause in Enum.GetValues<FailureCause>()) yield return ("failed", new CommandOutcome.Failed(reason, "why", cause));
        }

        yield return ("failed", new CommandOutcome.Expired("why"));
        yield return ("failed", new CommandOutcome.Cancelled("why"));
        yield return ("unknown", new CommandOutcome.Unknown());
    }
}
