using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.Descriptions;

namespace SandQueue.Workers.Protocols.Recorded;

/// <summary>
/// An environment without a server: an instance is an ended episode of its tenant that answers once more, to the actions that it has and to no others.
/// </summary>
internal sealed class RecordedProtocol(Recordings recordings) : IEnvironmentProtocol
{
    /// <summary>The member of an opening's <c>info</c> that says which episode answers.</summary>
    private const string EpisodeName = "recorded_episode";

    private static readonly EnvironmentOptions Declared = new() { Protocol = ProtocolNames.Recorded, Replayable = "yes" };

    public Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken) =>
        Task.FromResult(new DeclaredEnvironment(environment, "ended episodes of the caller's own in the journal, by ENV/TASK or episode:N") { Version = "1", IsUnlimited = true }.Describe(Declared));

    /// <summary>Every tenant has its own tasks, and a list is for all: it would tell one what another has played.</summary>
    public Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken) =>
        Task.FromException<ReadOnlyMemory<byte>>(new EnvironmentRejectedException($"'{environment}' has no splits; a task is ENV/TASK or episode:N, of your own episodes"));

    public async Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken)
    {
        // A task means its newest episode, and there may be a newer one by now: an instance goes on with the one it began with.
        var recording = request.RecordedOpening is { } opening
            ? await recordings.GetAsync(request.Tenant, EpisodeOf(await opening(cancellationToken)), cancellationToken)
            : await recordings.FindAsync(request.Tenant, request.TaskId, request.Params, cancellationToken);
        var answer = await recordings.ReadAnswerAsync(recording.Commands[0], cancellationToken);
        return new RecordedInstance(recording, AnswerJson.Read(answer, given => Opening(given, answer.Length, recording.EpisodeId)), recordings);
    }

    private static long EpisodeOf(byte[] opening) => AnswerJson.Read(opening, given => AnswerJson.Required(AnswerJson.Required(given, "info", JsonValueKind.Object), EpisodeName, JsonValueKind.Number).GetInt64());

    /// <summary>The recorded opening, whose provenance keeps the image that the episode was played on beside what answers now.</summary>
    private static byte[] Opening(JsonElement recorded, int length, long episodeId)
    {
        var state = AnswerJson.Messages(recorded, 2, "create");
        var info = AnswerJson.Required(recorded, "info", JsonValueKind.Object);
        return AnswerJson.Write(length + 128, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("state");
            AnswerJson.WriteRaw(writer, state);
            writer.WriteStartObject("info");
            writer.WriteNumber(EpisodeName, episodeId);
            AnswerJson.WriteMembers(writer, info, except: [EpisodeName, "provenance"]);
            writer.WriteStartObject("provenance");
            if (info.TryGetProperty("provenance", out var provenance) && provenance.ValueKind == JsonValueKind.Object)
            {
                AnswerJson.WriteMembers(writer, provenance, except: ["image_digest", EpisodeName, "recorded_image_digest"]);
                if (provenance.TryGetProperty("image_digest", out var image))
                {
                    writer.WritePropertyName("recorded_image_digest");
                    AnswerJson.WriteRaw(writer, image);
                }
            }

            writer.WriteNumber(EpisodeName, episodeId);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }
}
