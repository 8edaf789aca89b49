using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SandQueue.Frames;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>One call to an environment server, and what its statuses mean.</summary>
internal sealed class EnvironmentServiceCall(long mostBytes, TimeProvider time)
{
    private static readonly Dictionary<string, Verb> Verbs = new(StringComparer.Ordinal)
    {
        ["/create"] = Verb.Create,
        ["/step"] = Verb.Step,
        ["/evaluate"] = Verb.Evaluate,
        ["/get_info"] = Verb.GetInfo,
        ["/release"] = Verb.Release,
    };

    private readonly ContainerCall _call = new(time);

    /// <summary>The connections for frames; each goes with its container.</summary>
    private readonly ConditionalWeakTable<IContainer, FrameLine> _lines = [];

    /// <summary>Says whether the server of a container takes frames; until then, and where it does not, it is called over HTTP.</summary>
    public void MayUseFrames(IContainer container, bool offered)
    {
        if (offered || _lines.TryGetValue(container, out _)) _lines.GetValue(container, each => new FrameLine(each, mostBytes, _call)).MayBeUsed(offered);
    }

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
        if (_lines.TryGetValue(container, out var line) && Verbs.TryGetValue(path, out var verb))
        {
            if (await line.TryCallAsync(verb, ContainerCall.Body(members), cancellationToken) is { } answer) return Read(verb, answer);
        }

        var (status, body) = await _call.SendAsync(container, ContainerCall.Post(path, members), mostBytes, cancellationToken);
        return Read(path, status, body);
    }

    /// <summary>Writes a caller's JSON object as it came, or an empty one.</summary>
    public static void WriteObject(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.IsEmpty ? "{}"u8 : json.Span, skipInputValidation: true);
    }

    /// <summary>Who asked for a step reads all of its answer anyway.</summary>
    private ReadOnlyMemory<byte> Read(Verb verb, Frame answer) => answer.Code switch
    {
        Status.Ok => verb == Verb.Step ? answer.Body : ContainerCall.Value(answer.Body),
        Status.TooLarge => throw AnswerBody.TooLarge(mostBytes),
        (ushort)HttpStatusCode.BadRequest => throw new EnvironmentRejectedException(ContainerCall.Detail(HttpStatusCode.BadRequest, answer.Body)),
        _ => throw new EnvironmentFailedException(ContainerCall.Detail((HttpStatusCode)answer.Code, answer.Body)),
    };

    private static ReadOnlyMemory<byte> Read(string path, HttpStatusCode status, byte[] body) => status switch
    {
        HttpStatusCode.OK => ContainerCall.Member(body, "data"u8) ?? throw new EnvironmentFailedException($"{path} answered without data"),
        HttpStatusCode.BadRequest => throw new EnvironmentRejectedException(ContainerCall.Detail(status, body)),
        _ => throw new EnvironmentFailedException(ContainerCall.Detail(status, body)),
    };
}
