using System.Text.Json;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Prompts;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>
/// Judges the calls of an answer as the benchmark does, with its names for what is wrong. Its exact behaviour is that
/// of <c>eval_checker/ast_eval</c> in ShishirPatil/gorilla, oddities included: scores are compared with published ones.
/// </summary>
internal static class AnswerChecker
{
    /// <param name="functions">The data's descriptions of the task's functions.</param>
    /// <param name="calls">The agent's calls, none of them with a mistake.</param>
    /// <param name="truth">The possible answers: one object of function name and parameters for each call wanted; undefined for relevance.</param>
    /// <param name="cancellationToken">Looked at for every call that is compared.</param>
    public static Verdict Judge(AnswerRule rule, Language language, JsonElement functions, IReadOnlyList<AgentCall> calls, JsonElement truth, CancellationToken cancellationToken) => rule switch
    {
        AnswerRule.Irrelevance => calls.Count == 0 ? Verdict.Right : Verdict.Wrong("irrelevance_error:decoder_success", "A function was called, and none of them fits."),
        AnswerRule.Relevance => calls.Count > 0 ? Verdict.Right : Verdict.Wrong("relevance_error:decoder_failed", "No function was called, and some of them fit."),
        _ => Compare(rule, language, functions, calls, truth, cancellationToken),
    };

    private static Verdict Compare(
        AnswerRule rule, Language language, JsonElement functions, IReadOnlyList<AgentCall> calls, JsonElement truth, CancellationToken cancellationToken)
    {
        try
        {
            var names = OfferedTools.NamesOf(functions.EnumerateArray());
            List<CheckedCall> made = [.. calls.Select(call => CheckedCall.Of(call, names))];
            var wanted = Wanted(truth);
            return rule switch
            {
                AnswerRule.Parallel => Parallel(language, functions, made, wanted, cancellationToken),
                AnswerRule.Multiple => Multiple(language, functions, made, wanted),
                _ => Simple(language, functions, made, wanted),
            };
        }
        catch (PyError error)
        {
            // The benchmark's own run would stop here, for want of a rule; for one episode that means: not right.
            return Verdict.Wrong("ast_checker:no_rule", $"The benchmark has no rule for this answer ({error.Message}).");
        }
    }

    private static Verdict Simple(Language language, JsonElement functions, List<CheckedCall> calls, List<CheckedCall> wanted) =>
        calls.Count == 1
            ? FunctionChecker.Check(language, functions[0], calls[0], wanted[0].Arguments)
            : Verdict.Wrong("simple_function_checker:wrong_count", "Wrong number of functions.");

    private static Verdict Multiple(Language language, JsonElement functions, List<CheckedCall> calls, List<CheckedCall> wanted) =>
        calls.Count == wanted.Count
            ? FunctionChecker.Check(language, Description(functions, wanted[0].Name), calls[0], wanted[0].Arguments)
            : Verdict.Wrong("multiple_function_checker:wrong_count", "Wrong number of functions.");

    // In the order of the answers, each takes the first call left that is right for it; a better pairing is not looked for.
    private static Verdict Parallel(
        Language language, JsonElement functions, List<CheckedCall> calls, List<CheckedCall> wanted, CancellationToken cancellationToken)
    {
        if (calls.Count != wanted.Count) return Verdict.Wrong("parallel_function_checker_no_order:wrong_count", "Wrong number of functions.");

        var left = Enumerable.Range(0, calls.Count).ToList();
        for (var index = 0; index < wanted.Count; index++)
        {
            var description = Description(functions, wanted[index].Name);
            var errors = new List<string> { $"Could not find a matching function among index [{string.Join(", ", left)}] of model output for index {index} of possible answers." };
            var match = -1;
            foreach (var candidate in left)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var verdict = FunctionChecker.Check(language, description, calls[candidate], wanted[index].Arguments);
                if (verdict.Valid)
                {
                    match = candidate;
                    break;
                }

                errors.Add($"Index {candidate}: {string.Join(" ", verdict.Errors)} ({verdict.ErrorType})");
            }

            if (match < 0) return Verdict.Wrong("parallel_function_checker_no_order:cannot_find_match", errors);
            left.Remove(match);
        }

        return Verdict.Right;
    }

    private static List<CheckedCall> Wanted(JsonElement truth) =>
        [.. truth.EnumerateArray().Select(call => call.EnumerateObject().First()).Select(call => new CheckedCall(call.Name, (PyDict)PyJson.Read(call.Value)))];

    private static JsonElement Description(JsonElement functions, string name) =>
        functions.EnumerateArray().Where(function => function.GetProperty("name").ValueEquals(name)).Cast<JsonElement?>().FirstOrDefault()
        ?? throw new PyError("TypeError", "'NoneType' object is not subscriptable");
}
