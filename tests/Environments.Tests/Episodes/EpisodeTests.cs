using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Tests.Episodes;

/// <summary>What an instance of others may give back by mistake.</summary>
public sealed class EpisodeTests
{
    private static readonly AgentAction Nothing = new("", []);

    [Theory]
    [InlineData(double.NaN, "the reward is NaN")]
    [InlineData(double.PositiveInfinity, "the reward is Infinity")]
    public void A_reward_is_a_number(double reward, string said)
    {
        using var episode = new Episode(new Instance { Result = new StepResult("", reward) }, maxSteps: null);
        Should.Throw<InvalidOperationException>(() => episode.Step(Nothing, CancellationToken.None)).Message.ShouldBe(said);
    }

    [Fact]
    public void A_score_is_a_number()
    {
        using var episode = new Episode(new Instance { Evaluation = new Evaluation(double.NaN, []) }, maxSteps: null);
        Should.Throw<InvalidOperationException>(() => episode.Evaluate(default)).Message.ShouldBe("the score is NaN");
    }

    [Fact]
    public void What_is_null_is_named()
    {
        using var episode = new Episode(new Instance(), maxSteps: null);
        Should.Throw<InvalidOperationException>(() => episode.Opening).Message.ShouldBe("Opening gave null");
        Should.Throw<InvalidOperationException>(() => episode.Step(Nothing, CancellationToken.None)).Message.ShouldBe("Step gave null");
        Should.Throw<InvalidOperationException>(() => episode.Evaluate(default)).Message.ShouldBe("Evaluate gave null");
    }

    private sealed class Instance : IInstance
    {
        public StepResult? Result { get; init; }

        public Evaluation? Evaluation { get; init; }

        public Opening Opening => null!;

        public StepResult Step(AgentAction action, CancellationToken cancellationToken) => Result!;

        public Evaluation Evaluate(JsonElement parameters) => Evaluation!;

        public string Describe() => "";

        public void Dispose()
        {
        }
    }
}
