namespace SandQueue.Environments.Tests.Loading.Samples;

/// <summary>Its constructor throws.</summary>
internal sealed class FailingEnvironment : SampleEnvironment
{
    public FailingEnvironment() => throw new InvalidOperationException("the dice are gone");
}
