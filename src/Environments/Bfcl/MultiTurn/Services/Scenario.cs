using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>What a service starts from: its part of the task's <c>initial_config</c>, and whether the task is a long one.</summary>
/// <param name="Config">The part of this service; empty where the task says nothing of it.</param>
/// <param name="LongContext">Whether the task is one of long_context, which the official state shows.</param>
/// <param name="Extension">The bulk such tasks add, where it could be loaded.</param>
internal sealed record Scenario(PyDict Config, bool LongContext, LongContextExtension? Extension)
{
    /// <summary>A setting of the task, or the service's own default.</summary>
    public PyValue Get(string name, PyValue otherwise) => Config.Get(name) ?? otherwise;

    /// <summary>A setting that the service keeps as a dict.</summary>
    /// <exception cref="PyError">The task has something else there.</exception>
    public PyDict Dict(string name, PyDict otherwise) => Get(name, otherwise) as PyDict ?? throw Unfit(name, "an object");

    /// <summary>A setting that the service keeps as a list.</summary>
    /// <exception cref="PyError">The task has something else there.</exception>
    public PyList List(string name, PyList otherwise) => Get(name, otherwise) as PyList ?? throw Unfit(name, "a list");

    /// <summary>The generator that starts from the task's <c>random_seed</c>.</summary>
    public SeededDraws Draws(long otherwise) => new((long)PyNumberText.ToInteger(Get("random_seed", otherwise)));

    private static PyError Unfit(string name, string wanted) => PyError.TypeError($"{name} is not {wanted}");
}
