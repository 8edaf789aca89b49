namespace SandQueue.Client.Tests.Servers;

/// <summary>The tests that share a farm, one after another.</summary>
[CollectionDefinition]
public sealed class OnOneFarm : ICollectionFixture<ClientFarm>;
