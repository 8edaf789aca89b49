using SandQueue.Contracts;
using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Reports;

/// <summary>Rollouts and batches of the tests.</summary>
internal static class Some
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    public static BatchFacts Batch(int items, string state = "closed", string id = "b1") => new()
    {
        BatchId = id, EnvType = "bfcl", State = state, Items = items, Repeats = 4, PolicyType = "model", Model = "m-7b", CreatedAt = Begin, ClosedAt = state == "closed" ? Begin.AddMinutes(12) : null,
    };

    public static ReportedRollout Valid(string task, double reward, int member = 0) => new()
    {
        RolloutId = $"{task}-{member}", TaskId = task, Member = member, End = CommandEnd.Completed, Reward = reward, IsValid = true, IsTrainable = true, Steps = 3, EndReason = "done", DurationMs = 1200, PolicyMs = 900, EnvironmentMs = 200,
    };

    public static ReportedRollout Failed(string task, RolloutCause cause, string detail, int member = 0) =>
        new() { RolloutId = $"{task}-{member}", TaskId = task, Member = member, End = cause == RolloutCause.Cancelled ? CommandEnd.Cancelled : CommandEnd.Failed, Cause = cause, Detail = detail };

    public static BatchTally Tally(params IEnumerable<ReportedRollout> rollouts)
    {
        var tally = new BatchTally();
        foreach (var rollout in rollouts) tally.Add(rollout);
        return tally;
    }

    /// <summary>Like what a model makes of 250 tasks four times: 71 % on the whole, some failures, two categories.</summary>
    /// <param name="skill">Added to what each task is solved with.</param>
    /// <param name="tasks">How many tasks.</param>
    public static IEnumerable<ReportedRollout> Model(double skill = 0, int tasks = 250)
    {
        var random = new Random(7);
        for (var task = 0; task < tasks; task++)
        {
            var (category, ease) = (((string[])["simple_python", "parallel", "multi_turn_base", "live_multiple"])[task % 4], Math.Clamp((random.NextDouble() * 1.5) - (0.15 * (task % 4)) + skill, 0, 1));
            for (var member = 0; member < 4; member++)
            {
                var luck = random.Next(100);
                var (steps, pace) = (1 + random.Next(task % 4 == 2 ? 20 : 5), Math.Exp(random.NextDouble() * 2.5));
                var solved = random.NextDouble() < ease;
                yield return luck switch
                {
                    0 => Failed($"{category}_{task}", RolloutCause.Infrastructure, $"the container of {category}_{task}-{member} was killed: out of memory", member),
                    < 3 => Failed($"{category}_{task}", RolloutCause.Policy, "the endpoint answered 429 eleven times; raise retries or lower endpoint_concurrency", member),
                    3 when task % 3 == 0 => Failed($"{category}_{task}", RolloutCause.Environment, "the environment answered <script>alert(1)</script> & no JSON", member),
                    _ => Valid($"{category}_{task}", solved ? 1 : 0, member) with
                    {
                        Category = category, Split = task % 5 == 0 ? "val" : "train", Steps = steps, EndReason = solved ? "completed" : luck % 2 == 0 ? "max_steps" : "wrong_answer", Attempts = luck > 95 ? 2 : 1,
                        PromptTokens = 900 + (steps * random.Next(300, 500)), CompletionTokens = steps * random.Next(40, 220), DurationMs = 700 * pace * steps, PolicyMs = 600 * pace * steps, EnvironmentMs = 12 * steps * random.NextDouble() * pace,
                    },
                };
            }
        }
    }
}
