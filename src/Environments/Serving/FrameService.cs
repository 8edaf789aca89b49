using System.Buffers;
using System.Text.Json;
using SandQueue.Frames;

namespace SandQueue.Environments.Serving;

/// <summary>The verbs of instances by frames: the same requests as over HTTP, and of the same answers the <c>data</c> alone.</summary>
internal sealed class FrameService(EpisodeService episodes, RunningCalls calls)
{
    /// <inheritdoc cref="FrameHandler"/>
    public async ValueTask<ushort> AnswerAsync(Verb verb, ReadOnlyMemory<byte> body, ArrayBufferWriter<byte> answer, CancellationToken cancel)
    {
        if (Find(verb) is not { } call) return Status.UnknownVerb;
        var number = calls.Began();
        try
        {
            return (ushort)(await ServiceCall.RunAsync(body, Read, answer, call, cancel) ?? Status.GivenUp);
        }
        finally
        {
            calls.Ended(number);
        }
    }

    private Func<ServiceRequest, Utf8JsonWriter, CancellationToken, ValueTask>? Find(Verb verb) => verb switch
    {
        Verb.Step => episodes.StepAsync,
        Verb.Create => Create,
        Verb.Evaluate => episodes.EvaluateAsync,
        Verb.GetInfo => episodes.GetInfoAsync,
        Verb.Release => Release,
        _ => null,
    };

    private static ValueTask<JsonDocument?> Read(ReadOnlyMemory<byte> body, CancellationToken cancel) => new(ServiceRequest.Read(body));

    private ValueTask Create(ServiceRequest request, Utf8JsonWriter writer, CancellationToken cancel)
    {
        episodes.Create(request, writer);
        return ValueTask.CompletedTask;
    }

    private ValueTask Release(ServiceRequest request, Utf8JsonWriter writer, CancellationToken cancel)
    {
        episodes.Release(request);
        writer.WriteNullValue();
        return ValueTask.CompletedTask;
    }
}
