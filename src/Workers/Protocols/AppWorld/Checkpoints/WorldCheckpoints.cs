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
    private const long MostBytes = 16L << 20;

    private string _begun = "{}";
    private int _saves;

    /// <summary>Looks at the session while nothing of the agent's is in it. Runs once, before the first step.</summary>
    public async Task BeginAsync(CancellationToken cancel) => _begun = await RunAsync(SessionCells.Begin(), cancel);

    public async Task<SavedState> SaveAsync(CancellationToken cancel)
    {
        var (state, whyNot) = await PutDownAsync(cancel);
        return new SavedState(state?.Pack(), whyNot);
    }

    /// <returns>Null where the world is the same now, else what differs.</returns>
    public async Task<string?> LoadAsync(AppWorldState state, CancellationToken cancel)
    {
        var id = NextId();
        try
        {
            await container.WriteFolderAsync($"{folder}/{id}", state.Files, cancel);

            // Whatever comes of it: a world that was loaded once does not close.
            process.Spoil();
            await process.CallAsync("/load_state", With("state_id", id), cancel);
            await BeginAsync(cancel);
            await RunAsync(SessionCells.Restore(state.Session), cancel);
        }
        catch (Exception failure) when (failure is ContainerException or EnvironmentRejectedException)
        {
            return failure.Message;
        }

        var (again, whyNot) = await PutDownAsync(cancel);
        return again is null ? whyNot : state.Difference(again);
    }

    private async Task<(AppWorldState? State, string? WhyNot)> PutDownAsync(CancellationToken cancel)
    {
        var session = (await RunAsync(SessionCells.Keep(_begun), cancel)).Trim();
        if (SessionText.WhyNone(session) is { } none) return (null, none);
        var id = NextId();
        try
        {
            await process.CallAsync("/save_state", With("state_id", id), cancel);
            var files = await container.ReadFolderAsync($"{folder}/{id}", MostBytes, cancel);
            return files is { Count: > 0 } ? (new AppWorldState(session, files), null) : (null, $"the server has put nothing into {folder}/{id}");
        }
        catch (Exception failure) when (failure is ContainerException or EnvironmentRejectedException || (failure is EnvironmentFailedException && !container.Exited.IsCancellationRequested))
        {
            // The world was only read: it is what it was.
            return (null, failure.Message);
        }
    }

    private string NextId() => $"sandqueue-{++_saves}";

    private async Task<string> RunAsync(string code, CancellationToken cancel)
    {
        var output = await process.CallAsync("/execute", With("code", code), cancel);
        return output.ValueKind == JsonValueKind.String ? JsonText.Read(output) : output.GetRawText();
    }

    private Action<Utf8JsonWriter> With(string member, string value) => writer =>
    {
        task(writer);
        writer.WriteString(member, value);
    };
}
