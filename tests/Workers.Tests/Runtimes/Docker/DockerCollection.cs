using SandQueue.Testing.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>Tests that share an engine.</summary>
[CollectionDefinition(nameof(DockerCollection))]
public sealed class DockerCollection : ICollectionFixture<DockerEngineFixture>;
