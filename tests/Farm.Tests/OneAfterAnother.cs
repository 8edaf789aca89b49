namespace SandQueue.Farm.Tests;

/// <summary>
/// The tests that share a broker and a database, and mostly a farm: one after the other, for what is tested are processes, not the speed of two farms on two
/// processors. Only the fault run goes on beside them.
/// </summary>
[CollectionDefinition]
public sealed class OneAfterAnother : ICollectionFixture<SharedFarm>;
