using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Bench.Compare.Players;

namespace SandQueue.Bench.Compare.Programs;

/// <summary>The other end of the bare parts, as a process of its own: answers HTTP and messages with as many bytes as a step's answer has, and does nothing else.</summary>
internal static class Responder
{
    /// <summary>The word that starts it on the command line; people have no use for it.</summary>
    public const string Name = "compare-responder";

    /// <summary>As many requests as any measurement has under way.</summary>
    private const ushort Prefetch = 256;

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(BfclCalls.Answer);

    /// <summary>Runs until standard input ends.</summary>
    /// <param name="args">A port of this machine; where messages are to be answered too, a broker and the queue they come from.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var broker = args is [_, var address, var queue] ? await AnswerMessagesAsync(new Uri(address), queue) : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)));
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        while ((await context.Request.BodyReader.ReadAsync(context.RequestAborted)) is var read)
        {
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        context.Response.ContentLength = Answer.Length;
        await context.Response.BodyWriter.WriteAsync(Answer, context.RequestAborted);
    }

    private static async Task<IConnection> AnswerMessagesAsync(Uri address, string queue)
    {
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, Prefetch, global: false);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, request) =>
        {
            var properties = new BasicProperties { CorrelationId = request.BasicProperties.CorrelationId };
            await channel.BasicPublishAsync("", request.BasicProperties.ReplyTo!, mandatory: false, properties, Answer);
            await channel.BasicAckAsync(request.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return connection;
    }
}
