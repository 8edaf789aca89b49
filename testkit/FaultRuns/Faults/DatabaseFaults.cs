using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>Restarts the database and lets it hang, where it is ours; one after the other.</summary>
internal sealed class DatabaseFaults(FaultFarm farm, Random random) : IPartFaults
{
    private Task _last = Task.CompletedTask;

    public IReadOnlyDictionary<FaultKind, int> Weights { get; } =
        farm.Postgres.IsOurs ? new Dictionary<FaultKind, int> { [FaultKind.DatabaseRestarted] = 2, [FaultKind.DatabaseHangs] = 2 } : [];

    public Task<BegunFault?> BeginAsync(FaultKind kind)
    {
        if (!_last.IsCompleted) return Task.FromResult<BegunFault?>(null);
        var length = TimeSpan.FromSeconds(3 + random.Next(13));
        _last = kind == FaultKind.DatabaseHangs ? HangAsync(length) : RestartAsync();
        return Task.FromResult<BegunFault?>(new BegunFault(kind == FaultKind.DatabaseHangs ? $"for {length.TotalSeconds:0} s" : "", _last));
    }

    private async Task RestartAsync()
    {
        await farm.Postgres.StopAsync();
        await farm.Postgres.RunAsync();
    }

    private async Task HangAsync(TimeSpan length)
    {
        await farm.Postgres.FreezeAsync();
        await Task.Delay(length);
        await farm.Postgres.ContinueAsync();
    }
}
