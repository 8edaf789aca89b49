namespace SandQueue.Farm.Tests;

/// <summary>All these tests: each has the machine to itself, for what is tested are processes, not the speed of two farms on two processors.</summary>
[CollectionDefinition]
public sealed class OneAfterAnother : ICollectionFixture<SharedFarm>;
