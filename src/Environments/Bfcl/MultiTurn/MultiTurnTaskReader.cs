using System.Globalization;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.MultiTurn.Scoring;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Bfcl.Prompts;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>Makes a task's lines into what its episodes share.</summary>
internal sealed class MultiTurnTaskReader(FunctionDocs docs, LongContextExtension? extension)
{
    private const string Approximate = "long_context.py is absent, so the task lacks the bulk that the official program adds";

    private readonly ToolShelf _tools = new(docs);

    public MultiTurnTask Read(BfclTask task)
    {
        using var question = task.ParseQuestion();
        using var answer = task.ParseAnswer();
        var root = question.RootElement;
        var classes = Strings(root.GetProperty("involved_classes"));
        var start = Start(root, classes, IsLong(task.Category));
        var calls = answer.RootElement.GetProperty("ground_truth").EnumerateArray().Select(Strings).ToArray();
        return new MultiTurnTask(
            task,
            [.. root.GetProperty("question").EnumerateArray().Select(UserTurn.Read)],
            _tools.Of(classes),
            Withheld(root),
            start,
            new Lazy<GroundTruth>(() => new GroundTruth(start, calls)),
            IsLong(task.Category) && extension is null ? Approximate : null);
    }

    /// <summary>What makes a task unplayable, or null where it is sound.</summary>
    public string? Flaw(JsonElement task, JsonElement answer)
    {
        if (!Has(task, "question", JsonValueKind.Array, out var turns) || turns.GetArrayLength() == 0 || !turns.EnumerateArray().All(UserTurn.IsSound))
        {
            return "has no \"question\", a list of turns, each a list of messages with role and content";
        }

        if (!Has(task, "involved_classes", JsonValueKind.Array, out var classes) || !AreStrings(classes)) return "has no list \"involved_classes\"";
        foreach (var name in Strings(classes))
        {
            if (!ServiceCatalogue.Knows(name)) return $"involves {name}, which is no service here";
            if (docs.Find(name) is null) return $"involves {name}, whose functions are not described";
        }

        if (!Has(task, "initial_config", JsonValueKind.Object, out _)) return "has no object \"initial_config\"";
        var truth = answer.GetProperty("ground_truth");
        if (truth.GetArrayLength() != turns.GetArrayLength()) return "has another number of turns than its answer";
        if (!truth.EnumerateArray().All(AreStrings)) return "has an answer that is not lists of calls";
        return WithheldFlaw(task, turns.GetArrayLength(), Strings(classes)) ?? StartFlaw(task, Strings(classes));
    }

    private static bool IsLong(BfclCategory category) => category.Name == "multi_turn_long_context";

    private Service[] Start(JsonElement task, IReadOnlyList<string> classes, bool isLong)
    {
        var config = (PyDict)PyJson.Read(task.GetProperty("initial_config"));
        return
        [
            .. classes.Select(name =>
            {
                var own = config.Get(name) ?? PyDict.Empty;
                return ServiceCatalogue.Start(name, new Scenario(PyContainer.Dict(own, "get"), isLong, isLong ? extension : null));
            }),
        ];
    }

    // Whether the services take their configuration shows when they are started; the bulk of long tasks adds nothing to that.
    private string? StartFlaw(JsonElement task, IReadOnlyList<string> classes)
    {
        try
        {
            Start(task, classes, isLong: false);
            return null;
        }
        catch (PyError error)
        {
            return $"has an \"initial_config\" that its services do not take: {error.Message}";
        }
    }

    private string? WithheldFlaw(JsonElement task, int turns, IReadOnlyList<string> classes)
    {
        if (!task.TryGetProperty("missed_function", out var missed)) return null;
        const string Form = "has a \"missed_function\" that is not lists of functions by turn";
        if (missed.ValueKind != JsonValueKind.Object) return Form;
        var known = classes.SelectMany(name => docs.Find(name)!).Select(OfferedTools.NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var later in missed.EnumerateObject())
        {
            if (!int.TryParse(later.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var turn) || !AreStrings(later.Value)) return Form;
            if (turn >= turns) return $"withholds functions until turn {turn}, which it does not have";
            if (Strings(later.Value).FirstOrDefault(name => !known.Contains(name)) is { } unknown) return $"withholds {unknown}, which is not described";
        }

        return null;
    }

    private static Dictionary<int, IReadOnlyList<string>> Withheld(JsonElement task) => task.TryGetProperty("missed_function", out var missed)
        ? missed.EnumerateObject().ToDictionary(later => int.Parse(later.Name, CultureInfo.InvariantCulture), later => Strings(later.Value))
        : [];

    private static bool Has(JsonElement task, string name, JsonValueKind kind, out JsonElement value) =>
        task.TryGetProperty(name, out value) && value.ValueKind == kind;

    private static bool AreStrings(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);

    private static IReadOnlyList<string> Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.Text())];
}
