using System.Text.Json;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>
/// Limits the values of an answer: a parsed value takes twelve bytes beside the answer, and may be written in two, so that an answer of
/// 100 MB would take 700.
/// </summary>
internal static class AnswerValues
{
    /// <summary>The longest list of tasks, of 300,000, has far fewer.</summary>
    public const int Most = 2_000_000;

    /// <param name="json">JSON; what is wrong with it is for its parser to say.</param>
    /// <exception cref="EnvironmentFailedException">There are more.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        if (json.Length / 2 <= Most) return;
        var reader = new Utf8JsonReader(json);
        var values = 0;
        try
        {
            while (reader.Read())
            {
                if (++values > Most) throw new EnvironmentFailedException($"the environment's answer cannot be read: it has more than {Most} values");
            }
        }
        catch (JsonException)
        {
            // So far there were few enough.
        }
    }
}
