using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Faults;

/// <summary>
/// Kills gateways, but for the last one, which cancels what callers without an idempotency key hung up on: nothing else in a farm could tell that a
/// killed gateway's callers are gone.
/// </summary>
internal sealed class GatewayFaults(FaultFarm farm, Random random) : IPartFaults
{
    public IReadOnlyDictionary<FaultKind, int> Weights { get; } = new Dictionary<FaultKind, int> { [FaultKind.GatewayKilled] = 3 };

    public Task<BegunFault?> BeginAsync(FaultKind kind)
    {
        var free = farm.Gateways.SkipLast(1).Where(gateway => !gateway.Busy && !gateway.Program.HasExited).ToList();
        if (free.Count == 0) return Task.FromResult<BegunFault?>(null);
        var seat = free[random.Next(free.Count)];
        var length = TimeSpan.FromSeconds(1 + random.Next(4));
        seat.Busy = true;
        return Task.FromResult<BegunFault?>(new BegunFault($"gateway {seat.Address.Port}", RunAsync()));

        async Task RunAsync()
        {
            await seat.Program.KillAsync();
            await Task.Delay(length);
            seat.Start();
            seat.Busy = false;
        }
    }
}
