using System.Net;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Security;

/// <summary>What one tenant can do to the others.</summary>
public sealed class TenantLimitTests
{
    private const int Greedy = 150;

    [Fact]
    public async Task Over_a_limit_a_tenant_is_told_which_and_another_is_not()
    {
        await using var program = await RunningProgram.StartAsync(
            Serving().With("SANDQUEUE_Gateway__Limits__LiveInstances", "2").With("SANDQUEUE_Gateway__Limits__Tenants__berta__LiveInstances", "1"));
        using var anna = program.CallerWithKey("key-of-anna");
        using var berta = program.CallerWithKey("key-of-berta");
        for (var index = 0; index < 2; index++) (await anna.CreateAsync("frozenlake", "4x4-0", $"lake{index}")).Status.ShouldBe(HttpStatusCode.OK);

        var refused = await anna.CreateAsync("frozenlake", "4x4-0", "lake2");

        refused.DetailOf(HttpStatusCode.TooManyRequests).ShouldBe("this tenant has 2 live instances, and may have no more (Gateway:Limits:LiveInstances); release some, and send it again");
        refused.Headers["Retry-After"].ShouldBe("1");
        (await berta.CreateAsync("frozenlake", "4x4-0", "lake2")).Status.ShouldBe(HttpStatusCode.OK);
        (await berta.CreateAsync("frozenlake", "4x4-0", "lake3")).DetailOf(HttpStatusCode.TooManyRequests).ShouldContain("has 1 live instances", Case.Sensitive, "a limit of its own");
        await anna.ReleaseAsync("lake0");
        await Until.TrueAsync("there is room again", async () => (await anna.CreateAsync("frozenlake", "4x4-0", "lake2")).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_tenant_that_has_filled_its_journal_makes_nothing_new_and_can_end_what_it_has()
    {
        await using var program = await RunningProgram.StartAsync(Serving().With("SANDQUEUE_Gateway__Limits__Tenants__berta__JournalBytes", "5000"));
        using var anna = program.CallerWithKey("key-of-anna");
        using var berta = program.CallerWithKey("key-of-berta");
        (await berta.CreateAsync("frozenlake", "4x4-0", "first")).Status.ShouldBe(HttpStatusCode.OK);
        var step = await berta.StepAsync("first", "left", idempotencyKey: "step-1");
        step.Status.ShouldBe(HttpStatusCode.OK);
        Answer? refused = null;
        var made = 0;

        await Until.TrueAsync(
            "a Create is above the limit",
            async () => (refused = await berta.CreateAsync("frozenlake", "4x4-0", $"lake{++made}")).Status != HttpStatusCode.OK,
            TimeSpan.FromSeconds(60));

        var detail = refused!.DetailOf(HttpStatusCode.TooManyRequests);
        detail.ShouldMatch(@"^this tenant has \d{4,} bytes in the journal, and may have no more than 5000 \(Gateway:Limits:JournalBytes\); release what is done");
        refused.Headers["Retry-After"].ShouldBe("60", "room comes back when the sweep removes old episodes, and not in a second");
        (await berta.StepAsync("first", "right")).DetailOf(HttpStatusCode.TooManyRequests).ShouldContain("Gateway:Limits:JournalBytes");
        (await berta.StepAsync("first", "left", idempotencyKey: "step-1")).Body.ShouldBe(step.Body, "what was executed is answered");
        (await berta.EvaluateAsync("first")).Status.ShouldBe(HttpStatusCode.OK);
        (await berta.ReleaseAsync("first")).Status.ShouldBe(HttpStatusCode.OK);
        (await anna.CreateAsync("frozenlake", "4x4-0", "first")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_tenant_that_asks_for_everything_leaves_the_others_their_share()
    {
        await using var program = await RunningProgram.StartAsync(
            Serving().With("SANDQUEUE_Worker__Environments__frozenlake__InstancesPerContainer", "3").With("SANDQUEUE_Worker__Environments__frozenlake__MaxContainers", "1"));
        using var anna = program.CallerWithKey("key-of-anna");
        using var berta = program.CallerWithKey("key-of-berta");
        using var enough = new CancellationTokenSource();
        var made = 0;
        var greedy = Task.WhenAll(Enumerable.Range(0, Greedy).Select(index => TakeAsync(anna, $"anna{index}", () => Interlocked.Increment(ref made), enough.Token)));
        await Until.TrueAsync("the environment is full, and its gateway knows", () => Volatile.Read(ref made) > 40, TimeSpan.FromSeconds(60));

        List<int> passed = [];
        for (var round = 0; round < 8; round++)
        {
            var before = Volatile.Read(ref made);
            (await berta.CreateAsync("frozenlake", "4x4-0", $"berta{round}")).Status.ShouldBe(HttpStatusCode.OK);
            passed.Add(Volatile.Read(ref made) - before);
            await berta.ReleaseAsync($"berta{round}");
        }

        await enough.CancelAsync();
        await greedy;

        // First come, first served, dozens that wait would be served before.
        passed.Order().ElementAt(passed.Count / 2).ShouldBeLessThan(20, string.Join(", ", passed));
    }

    private static ProgramSettings Serving() => ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "anna=key-of-anna,berta=key-of-berta");

    /// <summary>Makes an instance, keeps it for a moment, releases it, and again.</summary>
    private static async Task TakeAsync(Caller caller, string instance, Action made, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            if ((await caller.CreateAsync("frozenlake", "4x4-0", instance)).Status != HttpStatusCode.OK) continue;
            made();
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            await caller.ReleaseAsync(instance);
        }
    }
}
