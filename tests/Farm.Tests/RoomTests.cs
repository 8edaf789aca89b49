using System.Net.Http.Json;
using System.Text.Json;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>A farm that is full.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class RoomTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private const int Room = 6;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_full_farm_lets_creates_wait_and_says_how_full_it_is()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string>
        {
            ["Worker:Environments:frozenlake:InstancesPerContainer"] = "3",
            ["Worker:Environments:frozenlake:MaxContainers"] = "1",
            ["Worker:Lease"] = "00:00:06",
        });
        for (var worker = 0; worker < 2; worker++) farm.StartWorker();
        var admin = $"127.0.0.1:{FreePort.Take()}";
        var patient = await farm.StartGatewayAsync(("Gateway:CommandTimeout", "00:01:00"), ("Gateway:AdminListen", admin));
        var hasty = await farm.StartGatewayAsync(("Gateway:CommandTimeout", "00:00:08"));
        await farm.AreWorkersAsync(2);
        foreach (var gateway in (GatewayProgram[])[patient, hasty])
        {
            await Until.TrueAsync("the gateway knows frozenlake", async () => (await gateway.ListTasksAsync()).Status == 200, Limit);
        }

        // More than one worker holds, all at once: none may keep what another has room for.
        var created = await Task.WhenAll(Enumerable.Range(0, Room).Select(index => patient.CreateAsync($"room-{index}")));
        created.ShouldAllBe(answer => answer.Status == 200, string.Join("; ", created.Select(answer => answer.Body.ToString())));
        (await farm.Database.OwnersAsync("room-")).Values.ShouldBe([3, 3]);

        var refused = await hasty.CreateAsync("refused");
        refused.Status.ShouldBe(503);
        refused.Body.GetProperty("detail").GetString().ShouldStartWith("no capacity: ");

        // A Create that waits gets the room that a release makes, wherever that is.
        for (var round = 0; round < 3; round++)
        {
            var waiting = patient.CreateAsync($"waiting-{round}");
            if (round == 0) await IsToldAsync(admin);
            (await patient.ReleaseAsync($"room-{round}")).Status.ShouldBe(200);
            (await waiting).Status.ShouldBe(200, (await waiting).Body.ToString());
        }

        // Many that are given up leave nothing behind, though room comes right after.
        var given = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => hasty.CreateAsync($"given-{index}")));
        given.ShouldAllBe(answer => answer.Status == 503);
        for (var index = 3; index < Room; index++) await patient.ReleaseAsync($"room-{index}");
        for (var index = 0; index < 3; index++) (await patient.CreateAsync($"late-{index}")).Status.ShouldBe(200);
        (await farm.Database.OwnersAsync("given-")).ShouldBeEmpty();
        (await farm.Database.OwnersAsync("refused")).ShouldBeEmpty();
        (await farm.Database.OwnersAsync("")).Values.Sum().ShouldBe(Room);
    }

    /// <summary>What waits for a slot counts among those that live, too: a row of it is there.</summary>
    private static async Task IsToldAsync(string admin)
    {
        var told = (Waiting: 0, Live: 0, Free: 0, Occupancy: 0.0);
        await Until.TrueAsync(
            "a scaler is told that the farm is full and who waits",
            async () =>
            {
                told = await LoadAsync(admin);
                return told is ( > 0, >= Room, 0, 1);
            },
            Limit,
            () => $"it was told {told}");
    }

    /// <summary>What <c>/scaling</c> says of frozenlake.</summary>
    private static async Task<(int Waiting, int Live, int Free, double Occupancy)> LoadAsync(string admin)
    {
        using var http = new HttpClient();
        var load = (await http.GetFromJsonAsync<JsonElement>(new Uri($"http://{admin}/scaling"), TestContext.Current.CancellationToken)).GetProperty("environments").GetProperty("frozenlake");
        return (load.GetProperty("waiting").GetInt32(), load.GetProperty("live").GetInt32(), load.GetProperty("free").GetInt32(), load.GetProperty("occupancy").GetDouble());
    }
}
