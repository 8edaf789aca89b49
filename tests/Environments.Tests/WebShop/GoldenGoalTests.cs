using System.Security.Cryptography;
using System.Text;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.WebShop;

namespace SandQueue.Environments.Tests.WebShop;

public sealed class GoldenGoalTests
{
    [Fact]
    public void All_goals_have_the_originals_order_and_words()
    {
        var recorded = Golden.Lines().First();
        var environment = Golden.Environment();
        var tasks = environment.ListTasks("all");
        tasks.Count.ShouldBe(recorded.GetProperty("count").GetInt32());

        var texts = tasks.Select(task => InstructionOf(environment, task)).ToArray();
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))
            .ShouldBe(recorded.GetProperty("sha256_of_instruction_texts").GetString());
        texts.Take(50).ShouldBe(recorded.GetProperty("first").EnumerateArray().Select(goal => goal.GetProperty("instruction_text").GetString()!));
    }

    private static string InstructionOf(WebShopEnvironment environment, string task)
    {
        using var instance = environment.Create(task, EpisodeParameters.None);
        return instance.Opening.Info!["instruction"]!.GetValue<string>();
    }
}
