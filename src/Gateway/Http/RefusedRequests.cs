using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace SandQueue.Gateway.Http;

/// <summary>
/// Answers requests that the web server refuses before there is a request for us (400, 408, 414, 431, 505) in the form of every other
/// error. The web server asks its diagnostic source only when it refuses one, so other requests pay nothing for it.
/// </summary>
internal sealed class RefusedRequests : DiagnosticSource
{
    private const string Refused = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>The web server shows what was wrong only where it logs everything.</summary>
    private const string NoExample = ": ''";

    public override bool IsEnabled(string name) => name == Refused;

    /// <param name="name">The event.</param>
    /// <param name="value">The features of the request, which has its status by now and no answer yet.</param>
    public override void Write(string name, object? value)
    {
        if (name != Refused || value is not IFeatureCollection features) return;
        if (features.Get<IHttpResponseFeature>() is not { HasStarted: false } response) return;
        var reason = features.Get<IBadRequestExceptionFeature>()?.Error?.Message.Replace(NoExample, "", StringComparison.Ordinal) ?? "it is malformed";
        Answer(features, response, JsonAnswer.Bytes(JsonAnswer.Error($"the request was refused: {reason}")));
    }

    /// <summary>The response has no body writer before the request is read, so the body goes to the connection, right behind the headers.</summary>
    private static void Answer(IFeatureCollection features, IHttpResponseFeature response, byte[] body)
    {
        if (features.Get<IHttpResponseBodyFeature>() is not { } start || features.Get<IConnectionTransportFeature>() is not { } connection) return;
        response.Headers.ContentType = JsonAnswer.ContentType;
        response.Headers.ContentLength = body.Length;
        response.Headers.Connection = "close";
        if (!start.StartAsync().IsCompletedSuccessfully) return;
        if (features.Get<IHttpRequestFeature>()?.Method == HttpMethods.Head) return;
        connection.Transport.Output.Write(body);
    }
}
