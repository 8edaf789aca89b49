using System.Net;
using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>One call to an environment server, and what its statuses mean.</summary>
internal sealed class EnvironmentServiceCall(long mostBytes, TimeProvider time)
{
    private readonly ContainerCall _call = new(time);

    /// <returns>The <c>data</c> of the answer, or null where the server has no such path.</returns>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(IContainer container, string path, CancellationToken cancellationToken)
    {
        var (status, body) = await _call.SendAsync(container, ContainerCall.Get(path), mostBytes, cancellationToken);
        if (status == HttpStatusCode.NotFound) return null;
        return Read(path, status, body);
    }

    /// <summary>Posts to a path that servers of others may lack.</summary>
    /// <returns>The <c>data</c> of the answer, or null where the server has no such path.</returns>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(IContainer container, string path, Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        var (status, body) = await _call.SendAsync(container, ContainerCall.Post(path, members), mostBytes, cancellationToken);
        if (status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented) return null;
        return Read(path, status, body);
    }

    /// <returns>The <c>data</c> of the answer, as it was written.</returns>
    public async Task<ReadOnlyMemory<byte>> PostAsync(IContainer container, string path, Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        var (status, body) = await _call.SendAsync(container, ContainerCall.Post(path, members), mostBytes, cancellationToken);
        return Read(path, status, body);
    }

    /// <summary>Writes a caller's JSON object as it came, or an empty one.</summary>
    public static void WriteObject(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.IsEmpty ? "{}"u8 : json.Span, skipInputValidation: true);
    }

    private static ReadOnlyMemory<byte> Read(string path, HttpStatusCode status, byte[] body) => status switch
    {
        HttpStatusCode.OK => ContainerCall.Member(body, "data"u8) ?? throw new EnvironmentFailedException($"{path} answered without data"),
        HttpStatusCode.BadRequest => throw new EnvironmentRejectedException(ContainerCall.Detail(status, body)),
        _ => throw new EnvironmentFailedException(ContainerCall.Detail(status, body)),
    };
}
