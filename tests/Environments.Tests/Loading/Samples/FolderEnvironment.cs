namespace SandQueue.Environments.Tests.Loading.Samples;

/// <summary>Its constructor wants something.</summary>
internal sealed class FolderEnvironment(string folder) : SampleEnvironment
{
    public string Folder => folder;
}
