using System.Text;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>A request that was sent, its answer, and what is wrong with that.</summary>
/// <param name="Request">The request.</param>
/// <param name="Answer">Its answer.</param>
/// <param name="Next">The status of a request right after it with which nothing is wrong.</param>
internal sealed record PlayedRequest(HostileRequest Request, PlainAnswer Answer, int Next = 200)
{
    private const int LongestDetail = 1500;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The detail of an error; null where it has none in the form that every error has.</summary>
    public string? Detail { get; } = DetailOf(Answer);

    /// <summary>A line each; none where the answer is as it has to be.</summary>
    public IReadOnlyList<string> Problems => [.. Find().Select(problem => $"{Request.Name}: {problem}")];

    private IEnumerable<string> Find()
    {
        if (!Request.Statuses.Contains(Answer.Status)) yield return $"the status is {Answer.Status}, not {string.Join(" or ", Request.Statuses)}: {Start(Answer)}";
        // What an environment takes to make its first instance is no doing of bad input.
        if (Answer.Took > Request.Limit && !Request.IsSetup) yield return $"it took {Answer.Took.TotalSeconds:0.0} s, more than {Request.Limit.TotalSeconds:0.0} s";
        if (Answer.Broken is { } broken) yield return $"the request could not be sent whole: {broken}";
        if (Answer.Status >= 400 && !Request.IsHead && Detail is null) yield return $"the answer is no JSON with a detail: {Start(Answer)}";
        if (Detail?.Length > LongestDetail) yield return $"the detail has {Detail.Length} characters";
        if (Detail?.Any(char.IsControl) == true) yield return $"the detail is not one plain line: {JsonSerializer.Serialize(Detail)}";
        if (Next != 200) yield return $"a sound request right after it got {Next}";
        if (Request.Says is { } says && Detail?.Contains(says, StringComparison.Ordinal) != true) yield return $"the detail does not say '{says}': {Detail}";
    }

    private static string? DetailOf(PlainAnswer answer)
    {
        try
        {
            if (answer.Status < 400 || !answer.Head.Contains("Content-Type: application/json", StringComparison.OrdinalIgnoreCase)) return null;
            return JsonElement.Parse(Strict.GetString(answer.Body)).GetProperty("detail").GetString();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Start(PlainAnswer answer) => JsonSerializer.Serialize(Encoding.Latin1.GetString(answer.Body.AsSpan(0, Math.Min(200, answer.Body.Length))));
}
