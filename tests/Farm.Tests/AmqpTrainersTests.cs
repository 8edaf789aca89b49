using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;
using SandQueue.Testing.Documents;

namespace SandQueue.Farm.Tests;

/// <summary>Who may use the door for AMQP, and with what.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class AmqpTrainersTests(SharedFarm farm)
{
    private static readonly string[] Played = ["completed 0.0", "completed 0.0", "completed completed"];

    [Fact]
    public async Task The_page_plays_an_episode_in_Python()
    {
        Assert.SkipUnless(Trainers.HasPika, Trainers.NoPika);
        await farm.WithAmqpAsync();

        var (_, lines, errors) = await ForeignProgram.RunAsync(new ProcessStartInfo(Trainers.Python, ["-c", Example("Python")]) { Environment = { ["BROKER"] = farm.Broker.ToString() } });

        lines.ShouldBe(Played, errors);
    }

    [Fact]
    public async Task The_page_plays_an_episode_in_Node()
    {
        using var packages = await NodePackages.InstallAsync("amqplib@2.3.1");
        Assert.SkipUnless(packages.Missing is null, packages.Missing ?? "");
        await farm.WithAmqpAsync();

        var (_, lines, errors) = await packages.RunAsync(Example("Node"), ("BROKER", farm.Broker.ToString()));

        lines.ShouldBe(["completed 0", "completed 0", "completed completed"], errors);
    }

    [Fact]
    public async Task A_trainers_user_plays_and_reads_nothing_of_others()
    {
        await farm.WithAmqpAsync();
        var user = await farm.Rabbit.NewUserAsync(farm.Broker, "^$", @"^sandqueue\.commands$", "^$");
        try
        {
            await using (var trainer = await AmqpTrainer.ConnectAsync(user, direct: true))
            {
                (await trainer.AskAsync("""{"command":"profile","env_type":"frozenlake"}""")).End.ShouldBe("completed");
            }

            await using var connection = await new ConnectionFactory { Uri = user }.CreateConnectionAsync(Cancel);
            foreach (var queue in (string[])["sandqueue.commands", "sandqueue.dead-letters", "sandqueue.3.create.frozenlake"])
            {
                (await RefusedAsync(connection, channel => channel.BasicGetAsync(queue, autoAck: true, Cancel))).ShouldContain($"access to queue '{queue}'");
            }

            (await RefusedAsync(connection, channel => channel.QueueDeclareAsync("mine", cancellationToken: Cancel))).ShouldContain("queue 'mine'");
        }
        finally
        {
            await farm.Rabbit.DeleteUserAsync(user);
        }
    }

    private static string Example(string language) =>
        DocumentBlock.Read(Path.Combine("docs", "amqp.md")).Single(block => block.Kind == "runs trainer" && block.Subject == language).Text;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What the broker says of what it does not permit.</summary>
    private static async Task<string> RefusedAsync(IConnection connection, Func<IChannel, Task> run)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var refused = await Should.ThrowAsync<OperationInterruptedException>(() => run(channel));
        ((int)refused.ShutdownReason!.ReplyCode).ShouldBe(Constants.AccessRefused);
        return refused.ShutdownReason.ReplyText;
    }
}
