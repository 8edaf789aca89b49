namespace SandQueue.Farm.Tests;

/// <summary>
/// The tests that share a broker and a database, and mostly a farm: one after the other, for what is tested are processes, not the speed of two farms on two
/// processors. The fault run is among them, with servers of its own: beside it messages of many megabytes took longer than their test allows.
/// </summary>
[CollectionDefinition]
public sealed class OneAfterAnother : ICollectionFixture<SharedFarm>;
