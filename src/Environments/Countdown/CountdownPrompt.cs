using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>The wording of the first two messages, and the tool.</summary>
internal static class CountdownPrompt
{
    public const string Tool = "answer";
    public const string ToolArgument = "expression";

    private const string System = "{{rules}}";
    private const string User = "Numbers: {{numbers}}\nTarget: {{target}}";

    private static readonly ReadOnlyMemory<byte> Tools =
        """[{"type":"function","function":{"name":"answer","description":"Give the final expression.","parameters":{"type":"object","properties":{"expression":{"type":"string","description":"An expression that uses every number exactly once and equals the target."}},"required":["expression"]}}}]"""u8.ToArray();

    /// <exception cref="InvalidRequestException">The caller's wording has an unknown slot.</exception>
    public static Opening Write(Puzzle puzzle, CountdownScoring scoring, PromptTemplate template)
    {
        var (system, user) = template.Fill(System, User, new Dictionary<string, string>
        {
            ["rules"] = Rules(scoring),
            ["numbers"] = puzzle.WrittenNumbers,
            ["target"] = puzzle.Target.ToString(CultureInfo.InvariantCulture),
        });
        return new Opening(system, user, Tools)
        {
            Info = new JsonObject
            {
                ["numbers"] = new JsonArray([.. puzzle.Numbers.Select(number => (JsonNode)number)]),
                ["target"] = puzzle.Target,
            },
        };
    }

    public static string Rules(CountdownScoring scoring) => string.Create(CultureInfo.InvariantCulture, $"""
        You solve a number puzzle: write an arithmetic expression that equals the target.

        Use every given number exactly once, and no other number. You may use +, -, *, / and parentheses, and a minus sign before a number or parenthesis. Fractions and negative values on the way are fine; the result must equal the target exactly.

        Give the expression alone, without an equals sign, as <answer>(8 - 2) * 3</answer> or with the tool {Tool}. In text, the last <answer> tag of your message counts; a tool call goes before text, and of several calls only the first counts. You may think before you answer, but the first expression that can be read ends the episode: reward 1 if it is right, {scoring.FormatScore} if it is not. What stands between <think> and </think> does not count. A message without an expression is sent back; the episode ends with number {scoring.MaxUnreadable} of them.
        """);
}
