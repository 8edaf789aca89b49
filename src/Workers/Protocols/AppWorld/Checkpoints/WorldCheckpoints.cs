using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Protocols.AppWorld.Server;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// Saves and restores a world. The server's own checkpoint has the databases only, and making the world of a task
/// again removes its checkpoints, so the files leave the container and come back into the next one; what the agent's code
/// has bound goes along. Afterwards the world is saved once more: where that is not the same to the byte, the session,
/// the random generator and the clock among it, the checkpoint is not used.
/// </summary>
/// <param name="process">The server.</param>
/// <param name="container">Where it runs.</param>
/// <param name="task">Writes which world is meant.</param>
/// <param name="folder">Where the server keeps the checkpoints of that world.</param>
internal sealed class WorldCheckpoints(AppWorldProcess process, IContainer container, Action<Utf8JsonWriter> task, string folder)
{
    private const long MostBytes = 16L << 20;

    private string? _notBegun = "the session was not looked at before its first step";
    private int _saves;

    /// <summary>Looks at the session while nothing of the agent's is in it. Runs before the first step.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => _notBegun = SessionText.WhyRefused(await RunAsync(SessionCells.Begin, cancellationToken), out _);

    public async Task<SavedState> SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (state, not) = await SaveOnceAsync(cancellationToken);
            return not ?? new SavedState(state!.Pack());
        }
        catch (Exception exception) when (exception is ContainerException or EnvironmentRejectedException)
        {
            return new SavedState(null, exception.Message, ServerFailed: true);
        }
    }

    /// <returns>Null where the world is the same now, else what differs.</returns>
    /// <exception cref="ContainerException">The container's files could not be reached, which says nothing about the checkpoint.</exception>
    public async Task<string?> LoadAsync(AppWorldState state, CancellationToken cancellationToken)
    {
        var id = NextId();
        await container.WriteFolderAsync($"{folder}/{id}", state.Files, cancellationToken);

        // Whatever comes of it: a world that was loaded once does not close.
        process.Spoil();
        try
        {
            await process.CallAsync("/load_state", With("state_id", id), cancellationToken);
            await BeginAsync(cancellationToken);
            if (SessionText.WhyRefused(await RunAsync(SessionCells.Restore(state.Session), cancellationToken), out _) is { } refused) return refused;
            var (again, not) = await SaveOnceAsync(cancellationToken);
            return again is null ? not!.WhyNot : state.Difference(again);
        }
        catch (EnvironmentRejectedException exception)
        {
            return exception.Message;
        }
    }

    private async Task<(AppWorldState? State, SavedState? Not)> SaveOnceAsync(CancellationToken cancellationToken)
    {
        if (_notBegun is not null) return (null, new SavedState(null, _notBegun, ServerFailed: true));
        var session = await RunAsync(SessionCells.Keep, cancellationToken);
        if (SessionText.WhyNone(session, out var serverFailed) is { } none) return (null, new SavedState(null, none, serverFailed));
        var id = NextId();
        try
        {
            await process.CallAsync("/save_state", With("state_id", id), cancellationToken);
        }
        catch (EnvironmentFailedException exception) when (!exception.LeavesServerUnusable && !container.Exited.IsCancellationRequested)
        {
            // The world was only read: it is what it was.
            return (null, new SavedState(null, exception.Message, ServerFailed: true));
        }

        var files = await container.ReadFolderAsync($"{folder}/{id}", MostBytes, cancellationToken);
        if (files is { Count: > 0 }) return (new AppWorldState(session, files), null);
        if (container.Exited.IsCancellationRequested) throw new EnvironmentFailedException("the environment's container exited while a checkpoint was read from it");
        return (null, new SavedState(null, $"the server has put nothing into {folder}/{id}", ServerFailed: true));
    }

    private string NextId() => $"sandqueue-{++_saves}";

    private async Task<string> RunAsync(string code, CancellationToken cancellationToken)
    {
        var output = await process.CallAsync("/execute", With("code", code), cancellationToken);
        return (output.ValueKind == JsonValueKind.String ? JsonText.Read(output) : output.GetRawText()).Trim();
    }

    private Action<Utf8JsonWriter> With(string member, string value) => writer =>
    {
        task(writer);
        writer.WriteString(member, value);
    };
}
