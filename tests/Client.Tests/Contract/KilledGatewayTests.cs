using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Contract;

/// <summary>What a gateway's death costs a trainer: time, and no step.</summary>
[Collection(typeof(OnOneFarm))]
public sealed class KilledGatewayTests(ClientFarm farm)
{
    private const int Instances = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_step_takes_effect_once_over_either_transport()
    {
        await farm.StartAsync();
        var port = FreePort.Take();
        await using var overHttp = SandQueueClient.OverHttp(new Uri($"http://127.0.0.1:{port}"), ClientFarm.Key);
        await using var overRabbitMq = SandQueueClient.OverRabbitMq(farm.Trainer);
        using var enough = new CancellationTokenSource();
        await using var killed = farm.StartGateway(port);

        // The client waits until it listens.
        var playing = ((SandQueueClient[])[overHttp, overRabbitMq]).SelectMany(queue => Enumerable.Range(0, Instances).Select(_ => PlayAsync(queue, enough.Token))).ToList();
        await Until.TrueAsync("all play", () => playing.TrueForAll(each => each.Taken > 3), TimeSpan.FromMinutes(1));
        await killed.KillAsync();
        var before = playing.Select(each => each.Taken).ToList();
        await using var another = farm.StartGateway(port);
        await Until.TrueAsync("all play on", () => playing.Zip(before).All(each => each.First.Taken > each.Second + 3), TimeSpan.FromMinutes(1), () => another.LastOutput);
        await enough.CancelAsync();

        await Task.WhenAll(playing.Select(each => each.Over));
    }

    private static Played PlayAsync(SandQueueClient queue, CancellationToken enough)
    {
        var played = new Played();
        played.Over = PlayAsync(queue, played, enough);
        return played;
    }

    /// <summary>The environment counts the steps that took effect.</summary>
    private static async Task PlayAsync(SandQueueClient queue, Played played, CancellationToken enough)
    {
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        while (!enough.IsCancellationRequested)
        {
            var step = await instance.StepAsync("count", cancellationToken: Cancel);
            played.Taken++;
            step.Observation.ShouldStartWith($"steps {played.Taken},");
        }
    }

    private sealed class Played
    {
        public int Taken { get; set; }

        public Task Over { get; set; } = Task.CompletedTask;
    }
}
