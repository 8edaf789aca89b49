namespace SandQueue.EndToEnd.Environments;

/// <summary>A library whose author made mistakes.</summary>
internal static class OddSource
{
    public const string Text = """
        using System.Text.Json;
        using System.Text.Json.Nodes;
        using SandQueue.Environments.Abstractions.Episodes;

        namespace Odd;

        public class OddEnvironment : IEnvironment
        {
            public virtual EnvironmentDescription Description { get; } = new("odd", "1", "1", "1", "", "made for a test") { Unlimited = true };

            public IReadOnlyList<string> Splits => ["train"];

            public IReadOnlyList<string> ListTasks(string split) => ["0"];

            public IInstance Create(string taskId, EpisodeParameters parameters) => new OddInstance();
        }

        public sealed class BrokenEnvironment : OddEnvironment
        {
            public BrokenEnvironment() => throw new InvalidOperationException("the dice are gone");
        }

        public sealed class OddInstance : IInstance
        {
            private int _steps;

            public Opening Opening => new("Say what to do.", "Now.", Opening.NoTools);

            public StepResult Step(AgentAction action, CancellationToken cancellationToken)
            {
                switch (action.Content)
                {
                    case "throw":
                        throw new InvalidOperationException("the dice rolled away");
                    case "exit":
                        Console.Error.WriteLine("the dice said: leave");
                        Environment.Exit(3);
                        break;
                    case "hang":
                        for (var turns = 0L; ; turns++) Thread.SpinWait(1000);
                    case "json":
                        return new StepResult($"{++_steps}: {JsonSerializer.Serialize(new { Dice = new[] { 1, 2 } })}");
                }

                return new StepResult($"{++_steps}: {action.Content}", action.Content == "nan" ? double.NaN : 0);
            }

            public Evaluation Evaluate(JsonElement parameters) => new(0, new JsonObject { ["steps"] = _steps });

            public string Describe() => "dice";

            public void Dispose()
            {
            }
        }
        """;
}
