using System.Text;
using System.Text.Json;
using SandQueue.Workers.Containers;
using SandQueue.Workers.Episodes;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// Puts a world down and takes one up. The server's own checkpoint has the databases only, and making the world of a task
/// again removes its checkpoints, so the files leave the container and come back into the next one; what the agent's code
/// has bound goes along. Afterwards the world is put down once more: where that is not the same to the byte, the session,
/// the random generator and the clock among it, the checkpoint is not used.
/// </summary>
/// <param name="process">The server.</param>
/// <param name="container">Where it runs.</param>
/// <param name="task">Writes which world is meant.</param>
/// <param name="folder">Where the server keeps the checkpoints of that world.</param>
internal sealed class WorldCheckpoints(AppWorldProcess process, IContainer container, Action<Utf8JsonWriter> task, string folder)
{
    private const string Saved = "sandqueue";
    private const string SavedAgain = "sandqueue-again";
    private const int LongestSession = 1 << 20;
    private const long MostBytes = 16L << 20;

    public async Task<SavedState> SaveAsync(AgentNames names, CancellationToken cancel)
    {
        if (names.Unknown is { } why) return new SavedState(null, why);
        var (state, whyNot) = await PutDownAsync(names.All, Saved, cancel);
        return new SavedState(state?.Pack(), whyNot);
    }

    /// <returns>Null where the world is the same now, else what differs.</returns>
    public async Task<string?> LoadAsync(AppWorldState state, CancellationToken cancel)
    {
        try
        {
            await container.WriteFolderAsync($"{folder}/{Saved}", state.Files, cancel);
            await process.CallAsync("/load_state", With("state_id", Saved), cancel);
        }
        catch (Exception failure) when (failure is ContainerException or EnvironmentRejectedException)
        {
            return failure.Message;
        }

        await RunAsync(SessionCells.Restore(state), cancel);
        var (again, whyNot) = await PutDownAsync(state.Names, SavedAgain, cancel);
        return again is null ? whyNot : state.Difference(again);
    }

    private async Task<(AppWorldState? State, string? WhyNot)> PutDownAsync(IReadOnlyCollection<string> names, string id, CancellationToken cancel)
    {
        var session = (await RunAsync(SessionCells.Keep(names), cancel)).Trim();
        if (WhyRefused(session) is { } refused) return (null, refused);
        try
        {
            await process.CallAsync("/save_state", With("state_id", id), cancel);
            var files = await container.ReadFolderAsync($"{folder}/{id}", MostBytes, cancel);
            return files is { Count: > 0 } ? (new AppWorldState([.. names], session, files), null) : (null, $"the server has put nothing into {folder}/{id}");
        }
        catch (Exception failure) when (failure is ContainerException or EnvironmentRejectedException || (failure is EnvironmentFailedException && !container.Exited.IsCancellationRequested))
        {
            // The world was only read: it is what it was.
            return (null, failure.Message);
        }
    }

    private async Task<string> RunAsync(string code, CancellationToken cancel)
    {
        var output = await process.CallAsync("/execute", With("code", code), cancel);
        return output.ValueKind == JsonValueKind.String ? JsonText.Read(output) : output.GetRawText();
    }

    private static string? WhyRefused(string session)
    {
        if (session.Length > LongestSession) return $"the Python session holds more than {LongestSession} characters";
        if (!session.StartsWith('{') || !Ascii.IsValid(session)) return $"the server printed: {session[..Math.Min(session.Length, 300)]}";
        try
        {
            using var read = JsonDocument.Parse(session);
            return read.RootElement.TryGetProperty("refused", out var why) ? why.ToString() : null;
        }
        catch (JsonException)
        {
            return "the Python session holds a number that JSON does not have";
        }
    }

    private Action<Utf8JsonWriter> With(string member, string value) => writer =>
    {
        task(writer);
        writer.WriteString(member, value);
    };
}
