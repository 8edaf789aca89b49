using SandQueue.Bench.Load;

namespace SandQueue.Bench.Doors;

/// <summary>The surface that AgentScope's clients speak.</summary>
internal sealed class AgentScopePlayer(HttpClient http, Uri gateway, int number) : IDoorPlayer
{
    private readonly EpisodePlayer _player = new(http, [gateway], $"doors-{number}-{Guid.NewGuid():n}");
    private int _step;

    public Task OpenAsync(string taskId, CancellationToken cancellationToken) => _player.CreateAsync(taskId, cancellationToken);

    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        await _player.StepAsync(++_step, cancellationToken);
        return 1;
    }

    public async ValueTask DisposeAsync() => await _player.EndAsync(CancellationToken.None);
}
