using System.Text;
using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Tests.Documents;

/// <summary>The game of <c>docs/environments.md</c>, played against the server of the page however it was started.</summary>
internal static class GuessGame
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task PlayAsync(ContainerPool pool)
    {
        Json(await pool.DescribeAsync(Cancel)).GetProperty("tasks").GetInt32().ShouldBe(100);
        pool.Traits.Replayable.ShouldBeTrue();
        using var slot = await pool.AcquireAsync(Cancel);
        await Should.ThrowAsync<EnvironmentRejectedException>(pool.Protocol.CreateAsync(slot.Container, new NewInstance("guess", "nope", "e0", default), Cancel));
        var instance = await pool.Protocol.CreateAsync(slot.Container, new NewInstance("guess", "7", "e1", default), Cancel);

        // 7 * 37 % 100 + 1
        (await SayAsync(instance, "50")).ShouldBe(("Higher.", 0, false));
        (await SayAsync(instance, "no idea")).ShouldBe(("There is no number in your message.", 0, false));
        (await SayAsync(instance, "Between 50 and 70: 60")).ShouldBe(("Right!", 1, true));
        Json(await instance.EvaluateAsync(default, """{"sparse":true}"""u8.ToArray(), Cancel)).GetDouble().ShouldBe(1);
        Json(await instance.EvaluateAsync(default, default, Cancel)).GetProperty("guesses").GetInt32().ShouldBe(3);
        await instance.ReleaseAsync(Cancel);
    }

    private static async Task<(string Observation, double Reward, bool Ended)> SayAsync(IEnvironmentInstance instance, string text)
    {
        var step = Json(await instance.StepAsync(Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{text}}"}"""), default, Cancel));
        return (step.GetProperty("state")[0].GetProperty("content").GetString()!, step.GetProperty("reward").GetDouble(), step.GetProperty("is_terminated").GetBoolean());
    }

    private static JsonElement Json(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
