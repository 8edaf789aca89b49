using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Bfcl.SingleTurn;

/// <summary>Tasks of one question and one answer: the calls of the agent's first message that can be read.</summary>
internal sealed class SingleTurnKind : ITaskKind
{
    private static readonly Dictionary<string, SingleTurnCategory> ByName = SingleTurnCategory.All.ToDictionary(entry => entry.Category.Name);

    public IReadOnlyList<BfclCategory> Categories { get; } = [.. SingleTurnCategory.All.Select(entry => entry.Category)];

    public string? Flaw(BfclCategory category, JsonElement task, JsonElement answer)
    {
        if (!task.TryGetProperty("question", out var turns) || turns.ValueKind != JsonValueKind.Array || turns.GetArrayLength() == 0
            || !UserTurn.IsSound(turns[0]))
        {
            return "has no \"question\", a list of turns, each a list of messages with role and content";
        }

        if (!task.TryGetProperty("function", out var functions) || functions.ValueKind != JsonValueKind.Array) return "has no list \"function\"";
        if (functions.EnumerateArray().Select(OfferedTools.Flaw).FirstOrDefault(flaw => flaw is not null) is { } flaw) return flaw;
        return category.HasAnswers ? AnswerFlaw(functions, answer.GetProperty("ground_truth")) : null;
    }

    public IInstance Create(BfclTask task, EpisodeParameters parameters) =>
        new SingleTurnInstance(task, ByName[task.Category.Name], parameters);

    private static string? AnswerFlaw(JsonElement functions, JsonElement truth)
    {
        foreach (var parameters in functions.EnumerateArray().Select(function => function.GetProperty("parameters")))
        {
            if (!Has(parameters, "properties", JsonValueKind.Object) || !Has(parameters, "required", JsonValueKind.Array)
                || parameters.GetProperty("required").EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            {
                return "has a function without \"properties\" or without a list \"required\" of their names";
            }
        }

        if (truth.GetArrayLength() == 0) return "has an empty \"ground_truth\"";
        foreach (var call in truth.EnumerateArray())
        {
            if (call.ValueKind != JsonValueKind.Object || call.EnumerateObject().Count() != 1 || call.EnumerateObject().First().Value.ValueKind != JsonValueKind.Object)
            {
                return "has an answer that is not one function's name with its parameters";
            }

            var name = call.EnumerateObject().First().Name;
            if (!functions.EnumerateArray().Any(function => OfferedTools.NameOf(function) == name)) return $"has an answer with {name}, which it does not describe";
        }

        return null;
    }

    private static bool Has(JsonElement element, string name, JsonValueKind kind) => element.TryGetProperty(name, out var member) && member.ValueKind == kind;
}
