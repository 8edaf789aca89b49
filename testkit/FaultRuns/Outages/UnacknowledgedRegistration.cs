using SandQueue.FaultRuns.Farm;

namespace SandQueue.FaultRuns.Outages;

/// <summary>
/// A worker starts and writes its row, and the database's acknowledgement of that is lost with the connection. The worker before it on this seat is
/// killed, so that the farm has as many as before.
/// </summary>
internal static class UnacknowledgedRegistration
{
    private static readonly TimeSpan ServeLimit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(FaultFarm farm, CancellationToken cancellationToken)
    {
        var seat = farm.Workers[0];
        await seat.Program.KillAsync();
        var before = await farm.ListWorkersAsync();
        var lost = false;
        seat.DatabaseLine.BeforeAnswer = async _ =>
        {
            // Once the row is visible to others it is committed, and the piece that says so is the one to drop.
            if (lost || (await farm.ListWorkersAsync()).Count == before.Count) return true;
            lost = true;
            return false;
        };
        seat.Start();
        await SandQueue.Testing.Until.TrueAsync("the worker serves under a name of its own", async () =>
            lost && (await farm.ListWorkersAsync()).Except(before).Any(worker => worker is { Serves: true, Lives: true }), ServeLimit, () => seat.Program.LastOutput);
        seat.DatabaseLine.BeforeAnswer = null;
        cancellationToken.ThrowIfCancellationRequested();
    }
}
