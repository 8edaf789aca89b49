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
    private const string Python = "/usr/bin/python3";
    private const string Pika = "/usr/lib/python3/dist-packages/pika/__init__.py";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_page_plays_an_episode_in_Python()
    {
        Assert.SkipUnless(File.Exists(Python) && File.Exists(Pika), "python3-pika is not installed");
        await farm.WithAmqpAsync();
        var script = DocumentBlock.Read(Path.Combine("docs", "amqp.md")).Single(block => block.Kind == "runs trainer").Text;

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["BROKER"] = farm.Broker.ToString() },
        })!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["completed 0.0", "completed 0.0", "completed completed"], await errors);
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
