using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Tests.Loading.Samples;

/// <summary>An environment as an assembly of others could have it; this assembly stands for one.</summary>
internal class SampleEnvironment : IEnvironment
{
    public virtual EnvironmentDescription Description { get; } = new("sample", "1", "1", "1", "", "made for a test");

    public IReadOnlyList<string> Splits => ["train"];

    public IReadOnlyList<string> ListTasks(string split) => ["0"];

    public IInstance Create(string taskId, EpisodeParameters parameters) => throw new NotSupportedException();
}
