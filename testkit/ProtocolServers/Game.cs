using System.Globalization;

namespace SandQueue.ProtocolServers;

/// <summary>
/// What all these servers serve: a game whose observations depend on task, turn and text alone, and words that make the
/// server misbehave.
/// </summary>
/// <param name="task">The task, a number.</param>
/// <param name="version">Part of every observation: changed, a replay differs.</param>
public sealed class Game(string task, string version)
{
    /// <summary>Gives a reward of 1.</summary>
    public const string Good = "good";

    /// <summary>Ends the episode with a reward of 1.</summary>
    public const string End = "end";

    /// <summary>An action that the server calls wrong.</summary>
    public const string Wrong = "wrong";

    /// <summary>Prints what a Python process prints differently every time.</summary>
    public const string Where = "where";

    /// <summary>A task that is listed, and that the server refuses.</summary>
    public const string RefusedTask = "666";

    public string Task => task;

    public int Turn { get; private set; }

    public bool Praised { get; private set; }

    public bool Ended { get; private set; }

    public string Opening => $"{version}: task {task}";

    /// <summary>Whether there is such a task: 1 to 99.</summary>
    public static bool Has(string task) => int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100;

    /// <returns>The observation and the reward.</returns>
    public (string Observation, double Reward) Play(string text)
    {
        Turn++;
        Praised |= text == Good;
        Ended |= text == End;
        return (text == Where ? Place() : string.Create(CultureInfo.InvariantCulture, $"{version}: turn {Turn} of task {task}: {text}"), text is Good or End ? 1 : 0);
    }

    private string Place() => string.Create(CultureInfo.InvariantCulture, $"""
        Traceback (most recent call last):
          File "/tmp/run{Random.Shared.Next()}/main.py", line {Random.Shared.Next(1, 999)}, in <module>
        ValueError: <Turn {Turn} of task {task} at 0x7f{Random.Shared.NextInt64(1L << 40):x10}> at {TimeProvider.System.GetUtcNow():O}
        """);
}
