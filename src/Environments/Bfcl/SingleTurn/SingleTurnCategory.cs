using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Checking;

namespace SandQueue.Environments.Bfcl.SingleTurn;

/// <summary>The single-turn categories: how each is judged, and in which language its functions are.</summary>
internal sealed record SingleTurnCategory(BfclCategory Category, AnswerRule Rule, Language Language)
{
    /// <summary>All of them, in the benchmark's own order.</summary>
    public static IReadOnlyList<SingleTurnCategory> All { get; } =
    [
        Of("simple_python", AnswerRule.Simple),
        Of("simple_java", AnswerRule.Simple, Language.Java),
        Of("simple_javascript", AnswerRule.Simple, Language.JavaScript),
        Of("multiple", AnswerRule.Multiple),
        Of("parallel", AnswerRule.Parallel),
        // The benchmark judges by the word "parallel" in a category's name, before it looks for "multiple".
        Of("parallel_multiple", AnswerRule.Parallel),
        Of("irrelevance", AnswerRule.Irrelevance),
        Of("live_simple", AnswerRule.Simple),
        Of("live_multiple", AnswerRule.Multiple),
        Of("live_parallel", AnswerRule.Parallel),
        Of("live_parallel_multiple", AnswerRule.Parallel),
        Of("live_irrelevance", AnswerRule.Irrelevance),
        Of("live_relevance", AnswerRule.Relevance),
    ];

    private static SingleTurnCategory Of(string name, AnswerRule rule, Language language = Language.Python)
    {
        var hasAnswers = rule is not (AnswerRule.Irrelevance or AnswerRule.Relevance);
        string[] groups =
        [
            "single_turn",
            name.StartsWith("live_", StringComparison.Ordinal) ? "live" : "non_live",
            language == Language.Python ? "python" : "non_python",
        ];
        return new SingleTurnCategory(new BfclCategory(name, hasAnswers, groups), rule, language);
    }
}
