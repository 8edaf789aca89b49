using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Faulty;

/// <summary>
/// For tests only: every action asks for a fault, and gets it. The actions are listed in environments/faulty/README.md.
/// Three of a kind differ in what they declare of themselves.
/// </summary>
internal sealed class FaultyEnvironment : IEnvironment
{
    private readonly string? _marksFolder;
    private readonly Action _endProcess;

    private FaultyEnvironment(string name, Replayable replayable, bool evaluateChangesState, string? marksFolder, Action endProcess)
    {
        _marksFolder = marksFolder;
        _endProcess = endProcess;
        Description = new EnvironmentDescription(
            Name: name,
            Version: "1",
            ScorerVersion: "1",
            PromptVersion: "1",
            DataHash: FaultyTask.DataHash,
            DataSource: "faults on demand, for tests",
            replayable,
            evaluateChangesState)
        {
            Parameters = [new CreateParameter("marks", ParameterType.Text)],
        };
    }

    public EnvironmentDescription Description { get; }

    public IReadOnlyList<string> Splits { get; } = ["train", "faults"];

    /// <summary>All three: replayable, not replayable, and changed by its evaluations.</summary>
    /// <param name="marksFolder">Where once-actions leave their marks when <c>params.marks</c> says nothing; null for nowhere.</param>
    /// <param name="endProcess">What a crash does.</param>
    public static IReadOnlyList<IEnvironment> All(string? marksFolder, Action endProcess) =>
    [
        new FaultyEnvironment("faulty", Replayable.Yes, evaluateChangesState: false, marksFolder, endProcess),
        new FaultyEnvironment("faulty_unreplayable", Replayable.No, evaluateChangesState: false, marksFolder, endProcess),
        new FaultyEnvironment("faulty_evaluate", Replayable.Yes, evaluateChangesState: true, marksFolder, endProcess),
    ];

    /// <summary>All three, with faults that are real and the folder for marks from <c>SANDQUEUE_FAULTY_MARKS</c>.</summary>
    public static IReadOnlyList<IEnvironment> All() => All(Environment.GetEnvironmentVariable(OnceMarks.Setting), ProcessEnd.AtOnce);

    public IReadOnlyList<string> ListTasks(string split) => split switch
    {
        "train" => FaultyTask.Harmless,
        "faults" => FaultyTask.FailingAtCreate,
        _ => throw new InvalidRequestException($"{Description.Name} has no split {AgentText.Quoted(split)}; it has {string.Join(", ", Splits)}"),
    };

    public IInstance Create(string taskId, EpisodeParameters parameters)
    {
        var mark = "";
        switch (taskId)
        {
            case FaultyTask.Plain:
                break;
            case FaultyTask.FailCreate:
                throw new InvalidOperationException("this task fails to be created");
            case FaultyTask.RefuseCreate:
                throw new InvalidRequestException("this task refuses to be created");
            case FaultyTask.CrashCreate:
                _endProcess();
                break;
            case FaultyTask.HangCreate:
                Thread.CurrentThread.Join();
                break;
            case FaultyTask.DifferCreate:
                mark = Guid.NewGuid().ToString("N");
                break;
            default:
                throw new InvalidRequestException(
                    $"{Description.Name} has no task {AgentText.Quoted(taskId)}; it has {string.Join(", ", [.. FaultyTask.Harmless, .. FaultyTask.FailingAtCreate])}");
        }

        var faults = new Faults(
            new OnceMarks(parameters.Text("marks") ?? _marksFolder),
            new SeededRandom($"{Description.Name}/{taskId}/{parameters.Seed}"),
            _endProcess);
        return new FaultyInstance(faults, Description.EvaluateChangesState, FaultyPrompt.Write(mark, parameters.Template));
    }
}
