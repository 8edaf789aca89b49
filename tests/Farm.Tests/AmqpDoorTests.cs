using System.Text;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Trainers that speak to the broker alone.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class AmqpDoorTests(SharedFarm farm)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_episode_is_played_by_messages_alone(bool direct)
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker, direct);
        var name = NewName();

        var profile = await trainer.AskAsync("""{"command":"profile","env_type":"frozenlake"}""");
        profile.Body.GetProperty("answer").GetArrayLength().ShouldBeGreaterThan(0);
        var created = await trainer.AskAsync($$"""{"command":"create","env_type":"frozenlake","task_id":"{{Walk.Task}}","instance_id":"{{name}}"}""", change: properties => properties.CorrelationId = "mine");
        (created.End, created.CorrelationId).ShouldBe(("completed", "mine"));
        created.Body.GetProperty("instance_id").GetString().ShouldBe(name);

        var id = NewName();
        var step = await trainer.StepAsync(name, "left", id);
        var again = await trainer.StepAsync(name, "left", id);
        again.Bytes.ShouldBe(step.Bytes, "the same command has one end");
        (await farm.Database.StepsAsync(name)).Count.ShouldBe(1);
        var overHttp = await farm.Gateways[0].StepAsync(name, "left", id);
        overHttp.Good.GetRawText().ShouldBe(step.Body.GetProperty("answer").GetRawText(), "the door is another, the command the same");

        (await trainer.AskAsync($$"""{"command":"get_info","instance_id":"{{name}}"}""")).End.ShouldBe("completed");
        (await trainer.AskAsync($$"""{"command":"evaluate","instance_id":"{{name}}"}""")).Body.GetProperty("answer").ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Null);
        (await trainer.AskAsync($$"""{"command":"release","instance_id":"{{name}}"}""")).End.ShouldBe("completed");
        var late = await trainer.StepAsync(name, "left", NewName());
        (late.End, late.Body.GetProperty("reason").GetString()).ShouldBe(("rejected", "released"));
    }

    [Fact]
    public async Task Whoever_gives_no_reply_queue_hears_of_the_end_at_the_exchange_of_events()
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var events = await trainer.ListenAsync("sandqueue.events", "local.create.#");
        var name = NewName();

        await trainer.PublishAsync($$"""{"command":"create","env_type":"frozenlake","task_id":"{{Walk.Task}}"}""", AmqpTrainer.Properties(name));

        var made = await events.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        (made.RoutingKey, made.CorrelationId).ShouldBe(("local.create.completed", name));
        made.Body.GetProperty("instance_id").GetString().ShouldBe(name, "an instance without a name has its command's id");
        (await trainer.StepAsync(name, "left", NewName())).End.ShouldBe("completed");
    }

    [Fact]
    public async Task The_end_of_an_instance_is_an_event_at_whatever_door_it_ended()
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var events = await trainer.ListenAsync("sandqueue.events", "local.instance.released");
        var full = await trainer.ListenFullAsync("sandqueue.events", "local.instance.#");
        var name = NewName();
        (await trainer.AskAsync($$"""{"command":"create","env_type":"frozenlake","task_id":"{{Walk.Task}}","instance_id":"{{name}}"}""")).End.ShouldBe("completed");
        (await trainer.StepAsync(name, "left", NewName())).End.ShouldBe("completed");

        (await farm.Gateways[0].ReleaseAsync(name)).Status.ShouldBe(200);

        AmqpReceived ended;
        do ended = await events.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        while (ended.Body.GetProperty("instance_id").GetString() != name);
        (ended.Name, ended.RoutingKey).ShouldBe(("instanceEnded", "local.instance.released"));
        (ended.Body.GetProperty("env_type").GetString(), ended.Body.GetProperty("task_id").GetString(), ended.Body.GetProperty("steps").GetInt32()).ShouldBe(("frozenlake", Walk.Task, 1));
        (await trainer.CountAsync(full)).ShouldBe(0u, "a queue that takes nothing kept nobody else from the event");
    }

    [Fact]
    public async Task A_batch_is_asked_for_and_its_close_is_an_event()
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var events = await trainer.ListenAsync("sandqueue.events", "local.batch.#");
        var name = NewName();
        var body = """{"command":"batch","env_type":"frozenlake","split":"val","sample":{"n":3},"repeats":2,"policy":{"type":"recorded","actions":["down"]}}""";

        var made = await trainer.AskAsync(body, name);

        made.End.ShouldBe("completed");
        var answer = made.Body.GetProperty("answer");
        (answer.GetProperty("batch_id").GetString(), answer.GetProperty("items").GetInt32()).ShouldBe((name, 6), "a batch without a name has its message's id");
        (await trainer.AskAsync(body, name)).Body.GetProperty("answer").GetProperty("batch_id").GetString().ShouldBe(name, "the same message is the same batch");
        AmqpReceived closed;
        do closed = await events.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        while (closed.Body.GetProperty("batch_id").GetString() != name);
        closed.RoutingKey.ShouldBe("local.batch.closed");
        closed.Body.GetProperty("ends").GetProperty("completed").GetInt32().ShouldBe(6);
        var refused = await trainer.AskAsync("""{"command":"batch","env_type":"nowhere","tasks":["t"],"policy":{"type":"nothing"}}""");
        (refused.End, refused.Body.GetProperty("reason").GetString()).ShouldBe(("rejected", "invalid_request"));
    }

    [Theory]
    [InlineData("""{"command":"step","instance_id":"i","action":{"role":"assistant","content":"left"},"stepp":2}""", "'step' has no member 'stepp'; it takes instance_id, action, step, params")]
    [InlineData("""{"command":"fly"}""", "unknown command 'fly'; known are profile, create, step, evaluate, get_info, release")]
    [InlineData("""{"command":""", "the body is not JSON: ")]
    [InlineData("[1]", "the body must be a JSON object, not an array")]
    [InlineData("", "the body is empty; send a JSON object")]
    [InlineData("""{"command":"create","env_type":"frozenlake","task_id":7}""", "task_id must be a string, not 7")]
    [InlineData("""{"command":"create","env_type":"frozenlake","task_id":"4x4-1","params":{"_timeout_ms":5}}""", "params._timeout_ms has no meaning here")]
    public async Task What_is_no_command_is_answered_with_what_is_wrong(string body, string detail)
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);

        var refused = await trainer.AskAsync(body);

        (refused.End, refused.Body.GetProperty("reason").GetString()).ShouldBe(("rejected", "invalid_request"));
        refused.Detail.ShouldStartWith(detail);
        (await trainer.AskAsync("""{"command":"profile","env_type":"frozenlake"}""")).End.ShouldBe("completed", "the next is taken");
    }

    [Fact]
    public async Task Properties_that_are_wrong_are_said_too()
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        const string Create = """{"command":"create","env_type":"frozenlake","task_id":"4x4-1"}""";

        (await trainer.AskAsync(Create, change: properties => properties.ContentType = "text/xml")).Detail.ShouldBe("content_type is 'text/xml'; commands are application/json");
        (await trainer.AskAsync(Create, change: properties => properties.ClearMessageId())).Detail.ShouldStartWith("'create' needs the property message_id");
        (await trainer.AskAsync(Create, new string('x', 201))).Detail.ShouldBe("message_id has 201 characters; at most 200 are taken");
    }

    [Fact]
    public async Task What_is_no_command_and_cannot_be_answered_is_a_dead_letter_with_its_reason()
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var dead = await trainer.ListenAsync("sandqueue.dead-letters", "");
        var (ours, nobody) = (AmqpTrainer.Properties("into-our-queue"), AmqpTrainer.Properties("nobody-waits"));
        ours.ReplyTo = "sandqueue.3.create.frozenlake";

        await trainer.PublishAsync("nonsense", nobody);
        var first = await dead.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        await trainer.PublishAsync("""{"command":"profile","env_type":"frozenlake"}""", ours);
        var second = await dead.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);

        Reason(first).ShouldStartWith("the body is not JSON: ");
        Encoding.UTF8.GetString(first.Bytes).ShouldBe("nonsense");
        Reason(second).ShouldStartWith("reply_to is 'sandqueue.3.create.frozenlake'; use amq.rabbitmq.reply-to");

        static string Reason(AmqpReceived message) => Encoding.UTF8.GetString((byte[])message.Headers["x-sandqueue-reason"]!);
    }

    [Fact]
    public async Task A_reply_queue_that_is_not_there_costs_nothing_but_the_reply()
    {
        await farm.WithAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var name = NewName();
        var properties = AmqpTrainer.Properties(name);
        properties.ReplyTo = "a-queue-that-is-not-there";

        await trainer.PublishAsync($$"""{"command":"create","env_type":"frozenlake","task_id":"{{Walk.Task}}"}""", properties);

        await Until.TrueAsync("the instance is made", async () => (await farm.Database.OwnersAsync(name)).Count == 1, Limit);
        (await trainer.StepAsync(name, "left", NewName())).End.ShouldBe("completed");
    }

    private static string NewName() => $"amqp-{Guid.NewGuid().ToString("n")[..12]}";
}
