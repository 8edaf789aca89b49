using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Two users of the broker, of two tenants, who need no API key.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class AmqpUsersTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_plays_as_its_tenant_and_neither_as_the_other()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, []);
        var (anna, berta) = (await UserAsync(farm, "anna"), await UserAsync(farm, "berta"));
        try
        {
            farm.StartWorker();
            await farm.StartGatewayAsync(("Gateway:AmqpUsers", $"{Name(anna)}=anna,{Name(berta)}=berta"), ("Gateway:AmqpTenantShare", "1"));
            await farm.AreWorkersAsync(1);
            await farm.HasAmqpAsync();
            await using var hers = await AmqpTrainer.ConnectAsync(anna, queue: "anna.replies", user: Name(anna));
            await using var others = await AmqpTrainer.ConnectAsync(berta, queue: "berta.replies", user: Name(berta));
            await Until.TrueAsync("frozenlake is served", async () => (await hers.AskAsync("""{"command":"profile","env_type":"frozenlake"}""")).End == "completed", Limit);

            // More than its share: some come back from a waiting queue, and are still hers.
            var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => hers.AskAsync($$"""{"command":"create","env_type":"frozenlake","task_id":"{{Walk.Task}}","instance_id":"lake-{{index}}"}""")));
            created.ShouldAllBe(reply => reply.End == "completed");
            (await others.StepAsync("lake-0", "left", "c")).Body.GetProperty("reason").GetString().ShouldBe("unknown_instance");
            (await hers.StepAsync("lake-0", "left", "c")).End.ShouldBe("completed");

            await IsPutAsideAsync(farm, anna, _ => { }, "the message has neither the property user_id nor the header x-api-key");
            await IsPutAsideAsync(farm, berta, properties => (properties.UserId, properties.ReplyTo) = (Name(berta), "anna.replies"), "reply_to is 'anna.replies'");
        }
        finally
        {
            foreach (var user in (Uri[])[anna, berta]) await rabbit.DeleteUserAsync(user);
        }
    }

    [Fact]
    public async Task The_broker_lets_neither_read_publish_or_pretend_what_is_the_others()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, []);
        var (anna, berta) = (await UserAsync(farm, "anna"), await UserAsync(farm, "berta"));
        try
        {
            await farm.StartGatewayAsync();
            await farm.HasAmqpAsync();
            await using var hers = await AmqpTrainer.ConnectAsync(anna, queue: "anna.replies", user: Name(anna));
            await using var connection = await new ConnectionFactory { Uri = berta }.CreateConnectionAsync(Cancel);

            (await RefusedAsync(connection, channel => channel.BasicGetAsync("anna.replies", autoAck: true, Cancel))).ShouldContain("queue 'anna.replies'");
            (await RefusedAsync(connection, channel => channel.QueueDeclareAsync("anna.more", cancellationToken: Cancel))).ShouldContain("queue 'anna.more'");
            (await RefusedAsync(connection, channel => channel.QueueBindAsync("berta.replies", "sandqueue.commands", "#", cancellationToken: Cancel))).ShouldContain("'sandqueue.commands'");
            foreach (var exchange in (string[])["", "sandqueue.events", "sandqueue.dead-letters"])
            {
                (await RefusedAsync(connection, channel => PublishAsync(channel, exchange, "anna.replies", new BasicProperties()))).ShouldContain("exchange '");
            }

            var pretended = await RefusedAsync(connection, channel => PublishAsync(channel, "sandqueue.commands", "any", new BasicProperties { UserId = Name(anna) }), Constants.PreconditionFailed);
            pretended.ShouldContain($"user_id property set to '{Name(anna)}'");
        }
        finally
        {
            foreach (var user in (Uri[])[anna, berta]) await rabbit.DeleteUserAsync(user);
        }
    }

    [Fact]
    public async Task One_that_may_listen_to_events_hears_those_of_its_tenant_only()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, []);
        var anna = await rabbit.NewUserAsync(farm.Broker, @"^anna\.", @"^(sandqueue\.commands$|anna\.)", @"^(sandqueue\.events$|anna\.)");
        try
        {
            await rabbit.AllowTopicAsync(anna, "sandqueue.events", "^$", @"^anna\.");
            farm.StartWorker();
            await farm.StartGatewayAsync(("Gateway:AmqpUsers", $"{Name(anna)}=anna"));
            await farm.AreWorkersAsync(1);
            await farm.HasAmqpAsync();
            await using var hers = await AmqpTrainer.ConnectAsync(anna, queue: "anna.replies", user: Name(anna));
            await using var connection = await new ConnectionFactory { Uri = anna }.CreateConnectionAsync(Cancel);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
            await channel.QueueDeclareAsync("anna.events", cancellationToken: Cancel);
            await channel.QueueBindAsync("anna.events", "sandqueue.events", "anna.instance.#", cancellationToken: Cancel);
            foreach (var key in (string[])["#", "berta.#", "*.instance.released"])
            {
                (await RefusedAsync(connection, refused => refused.QueueBindAsync("anna.events", "sandqueue.events", key, cancellationToken: Cancel))).ShouldContain($"topic '{key}'");
            }

            await Until.TrueAsync("an instance is made", async () => (await hers.AskAsync($$"""{"command":"create","env_type":"frozenlake","task_id":"{{Walk.Task}}","instance_id":"lake"}""")).End == "completed", Limit);
            (await hers.AskAsync("""{"command":"release","instance_id":"lake"}""")).End.ShouldBe("completed");

            await Until.TrueAsync("its end is an event", async () => await channel.MessageCountAsync("anna.events", Cancel) == 1, Limit);
        }
        finally
        {
            await rabbit.DeleteUserAsync(anna);
        }
    }

    /// <summary>A user with the permissions that the page names for a trainer with a reply queue of its own.</summary>
    private Task<Uri> UserAsync(TestFarm farm, string tenant) =>
        rabbit.NewUserAsync(farm.Broker, $@"^{tenant}\.", $@"^(sandqueue\.commands$|{tenant}\.)", $@"^{tenant}\.");

    private static string Name(Uri user) => user.UserInfo.Split(':')[0];

    private static async Task IsPutAsideAsync(TestFarm farm, Uri user, Action<BasicProperties> change, string reason)
    {
        await using var observer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var dead = await observer.ListenAsync("sandqueue.dead-letters", "");
        await using var connection = await new ConnectionFactory { Uri = user }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var properties = AmqpTrainer.Properties("put-aside");
        change(properties);
        await channel.BasicPublishAsync("sandqueue.commands", "any", mandatory: true, properties, """{"command":"release","instance_id":"lake-0"}"""u8.ToArray(), Cancel);

        var letter = await dead.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        System.Text.Encoding.UTF8.GetString((byte[])letter.Headers["x-sandqueue-reason"]!).ShouldStartWith(reason);
    }

    private static async Task PublishAsync(IChannel channel, string exchange, string routingKey, BasicProperties properties)
    {
        // Refused behind the publish: the broker closes the channel.
        await channel.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, """{}"""u8.ToArray(), Cancel);
        await channel.QueueDeclarePassiveAsync("berta.none", Cancel);
    }

    private static async Task<string> RefusedAsync(IConnection connection, Func<IChannel, Task> run, int code = Constants.AccessRefused)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var refused = await Should.ThrowAsync<OperationInterruptedException>(() => run(channel));
        ((int)refused.ShutdownReason!.ReplyCode).ShouldBe(code, refused.ShutdownReason.ReplyText);
        return refused.ShutdownReason.ReplyText;
    }
}
