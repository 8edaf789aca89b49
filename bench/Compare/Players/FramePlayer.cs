using System.Diagnostics;
using System.Text;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Frames;

namespace SandQueue.Bench.Compare.Players;

/// <summary>Steps of an instance of its own, at the environment server itself, by frames.</summary>
internal sealed class FramePlayer(FrameLine line, string instance) : IPlayer
{
    private readonly byte[] _step = Encoding.UTF8.GetBytes(BfclCalls.StepBody(instance));

    public async ValueTask<Played> PlayAsync()
    {
        var answer = await line.CallAsync(Verb.Step, _step);
        var answered = Stopwatch.GetTimestamp();
        if (answer.Span.IndexOf(BfclCalls.Stepped) < 0) throw new InvalidDataException($"a step is none that goes on: {Encoding.UTF8.GetString(answer.Span)}");
        return new Played(1, answered);
    }

    public async ValueTask DisposeAsync() => await line.CallAsync(Verb.Release, Encoding.UTF8.GetBytes($$"""{"instance_id":"{{instance}}"}"""));
}
