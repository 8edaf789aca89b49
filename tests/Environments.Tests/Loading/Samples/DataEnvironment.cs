namespace SandQueue.Environments.Tests.Loading.Samples;

/// <summary>It says itself why it cannot be served.</summary>
internal sealed class DataEnvironment : SampleEnvironment
{
    public DataEnvironment() => throw new InvalidDataException("words.txt has no words");
}
