using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SandQueue.Frames;
using SandQueue.ProtocolServers;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

/// <summary>The environment service, which takes the verbs of instances as frames too, and says so with its health check.</summary>
public sealed class FramedServer : AgentScopeServer
{
    private int _framed;

    /// <summary>Calls that came by frames.</summary>
    public int Framed => Volatile.Read(ref _framed);

    protected override void Prepare(WebApplicationBuilder builder) => builder.Services.AddFrames(ServeAsync);

    protected override Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/healthz") context.Response.Headers[FrameListening.Header] = FrameListening.Version;
        return base.HandleAsync(context);
    }

    private async Task ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await FrameServer.ServeAsync(stream, (verb, body, answer, given) => AnswerAsync(verb, body, answer, new Lifetime(cut, given)), 1 << 20, TimeProvider.System, cut.Token);
    }

    private async ValueTask<ushort> AnswerAsync(Verb verb, ReadOnlyMemory<byte> body, ArrayBufferWriter<byte> answer, Lifetime lifetime)
    {
        Interlocked.Increment(ref _framed);
        using var written = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Request.Method = "POST";
        context.Request.Path = verb == Verb.GetInfo ? "/get_info" : $"/{verb.ToString().ToLowerInvariant()}";
        context.Request.Body = new MemoryStream(body.ToArray());
        context.Response.Body = written;
        try
        {
            await HandleAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Status.GivenUp;
        }

        answer.Write(context.Response.StatusCode == 200 ? Data(written.ToArray()) : written.ToArray());
        return (ushort)context.Response.StatusCode;
    }

    /// <summary>What is no JSON is handed on as it is.</summary>
    private static byte[] Data(byte[] body)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetBytes(JsonElement.Parse(body).GetProperty("data").GetRawText());
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private sealed class Lifetime(CancellationTokenSource cut, CancellationToken given) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = given;

        public void Abort() => cut.Cancel();
    }
}
