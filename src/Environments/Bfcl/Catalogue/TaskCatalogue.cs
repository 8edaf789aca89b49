using System.Text.Json;

namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>All tasks that are served, by id and by split. Immutable after it was loaded.</summary>
internal sealed class TaskCatalogue
{
    private readonly Dictionary<string, (BfclTask Task, ITaskKind Kind)> _tasks = new(StringComparer.Ordinal);
    private readonly List<(BfclCategory Category, List<string> Ids)> _categories = [];

    private TaskCatalogue(DataFiles files, IReadOnlyList<ITaskKind> kinds)
    {
        foreach (var kind in kinds)
        {
            foreach (var category in kind.Categories) _categories.Add((category, Read(files, kind, category)));
        }

        Splits = new Splits(_categories);
    }

    public Splits Splits { get; }

    public int Count => _tasks.Count;

    public int CategoryCount => _categories.Count(category => category.Ids.Count > 0);

    public static TaskCatalogue Load(DataFiles files, IReadOnlyList<ITaskKind> kinds) => new(files, kinds);

    public bool TryFind(string id, out BfclTask task, out ITaskKind kind)
    {
        var found = _tasks.TryGetValue(id, out var entry);
        (task, kind) = entry;
        return found;
    }

    private List<string> Read(DataFiles files, ITaskKind kind, BfclCategory category)
    {
        var ids = new List<string>();
        var questions = files.Read(category.QuestionFile);
        var answers = category.HasAnswers && questions is not null ? files.Read(category.AnswerFile) : null;
        if (questions is null || (category.HasAnswers && answers is null)) return ids;

        var answerById = answers is null ? null : Answers(files, category, answers);
        JsonLines.Read(files, category.QuestionFile, questions, (line, root, id) =>
        {
            if (_tasks.ContainsKey(id)) return $"repeats the id {id}";
            ReadOnlyMemory<byte> answer = default;
            if (answerById is not null && !answerById.TryGetValue(id, out answer)) return $"{category.AnswerFile} has no sound answer for {id}";

            var task = new BfclTask(id, category, line, answer);
            using var parsed = answer.IsEmpty ? null : task.ParseAnswer();
            if (kind.Flaw(category, root, parsed?.RootElement ?? default) is { } flaw) return flaw;

            _tasks.Add(id, (task, kind));
            ids.Add(id);
            return null;
        });
        return ids;
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Answers(DataFiles files, BfclCategory category, byte[] content)
    {
        var answers = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        JsonLines.Read(files, category.AnswerFile, content, (line, root, id) =>
            !root.TryGetProperty("ground_truth", out var truth) || truth.ValueKind != JsonValueKind.Array ? "has no list \"ground_truth\""
            : answers.TryAdd(id, line) ? null
            : $"repeats the id {id}");
        return answers;
    }
}
