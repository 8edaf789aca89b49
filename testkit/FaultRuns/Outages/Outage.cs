using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Outages;

/// <summary>Something that is away for a while.</summary>
/// <param name="Name">As it is asked for on a command line.</param>
/// <param name="Worker">Whether it hits the farm's first worker alone.</param>
/// <param name="RunAsync">Lets it happen; returns when it is over.</param>
internal sealed record Outage(string Name, bool Worker, Func<FaultFarm, CancellationToken, Task> RunAsync)
{
    /// <param name="hang">How long the database hangs.</param>
    /// <param name="alone">How long one worker is cut off.</param>
    public static IReadOnlyList<Outage> All(TimeSpan hang, TimeSpan alone) =>
    [
        new("database-restart", false, async (farm, _) =>
        {
            await farm.Postgres.StopAsync();
            await farm.Postgres.RunAsync();
        }),
        new("database-hang", false, async (farm, cancellationToken) =>
        {
            await farm.Postgres.FreezeAsync();
            await Task.Delay(hang, cancellationToken);
            await farm.Postgres.ContinueAsync();
        }),
        new("broker-restart", false, async (farm, _) =>
        {
            await farm.Rabbit.StopAsync();
            await farm.Rabbit.RunAsync();
        }),
        new("worker-database-refuses", true, async (farm, cancellationToken) =>
        {
            await DatabaseRoles.RefuseAsync(farm.Postgres, farm.Workers[0].Role!);
            await Task.Delay(alone, cancellationToken);
            await DatabaseRoles.AdmitAsync(farm.Postgres, farm.Workers[0].Role!);
        }),
        new("worker-database-frozen", true, (farm, cancellationToken) => ForAsync(alone, farm.Workers[0].DatabaseLine.Freeze, farm.Workers[0].DatabaseLine.Restore, cancellationToken)),
        new("worker-broker-cut", true, (farm, cancellationToken) => ForAsync(alone, farm.Workers[0].BrokerLine.Cut, farm.Workers[0].BrokerLine.Restore, cancellationToken)),
        new("worker-broker-frozen", true, (farm, cancellationToken) => ForAsync(alone, farm.Workers[0].BrokerLine.Freeze, farm.Workers[0].BrokerLine.Restore, cancellationToken)),
        new("worker-registration-unacknowledged", true, UnacknowledgedRegistration.RunAsync),
    ];

    private static async Task ForAsync(TimeSpan length, Action begin, Action end, CancellationToken cancellationToken)
    {
        begin();
        await Task.Delay(length, cancellationToken);
        end();
    }
}
