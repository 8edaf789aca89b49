using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>Tasks in which a user comes back with one wish after another, and functions act on simulated services.</summary>
internal sealed class MultiTurnKind : ITaskKind
{
    private const string ExtensionFile = "long_context.py";

    private static readonly BfclCategory LongContext = Category("long_context");

    private readonly MultiTurnTaskReader _reader;
    private readonly ConcurrentDictionary<string, Lazy<MultiTurnTask>> _tasks = new(StringComparer.Ordinal);

    public MultiTurnKind(DataFiles files)
    {
        var hasLongTasks = files.Has(LongContext.QuestionFile);
        var extension = hasLongTasks ? Extension(files) : null;
        Approximation = hasLongTasks && extension is null ? "; long_context approximate: long_context.py is absent" : "";
        _reader = new MultiTurnTaskReader(new FunctionDocs(files), extension);
    }

    /// <summary>How the served data differs from the benchmark, as the description of its source ends; empty where it does not.</summary>
    public string Approximation { get; }

    public IReadOnlyList<BfclCategory> Categories { get; } = [Category("base"), Category("miss_func"), Category("miss_param"), LongContext];

    public string? Flaw(BfclCategory category, JsonElement task, JsonElement answer) => _reader.Flaw(task, answer);

    public IInstance Create(BfclTask task, EpisodeParameters parameters) =>
        new MultiTurnInstance(_tasks.GetOrAdd(task.Id, _ => new Lazy<MultiTurnTask>(() => _reader.Read(task))).Value, parameters);

    private static BfclCategory Category(string name) => new($"multi_turn_{name}", HasAnswers: true, ["multi_turn"]);

    private static LongContextExtension? Extension(DataFiles files)
    {
        if (files.Read(ExtensionFile, "long_context tasks are approximate, without the bulk that the official program adds") is not { } content) return null;
        try
        {
            return LongContextExtension.Read(Encoding.UTF8.GetString(content));
        }
        catch (PyError error)
        {
            files.Report(ExtensionFile, $"{error.Message}: long_context tasks are approximate, without the bulk that the official program adds");
            return null;
        }
    }
}
